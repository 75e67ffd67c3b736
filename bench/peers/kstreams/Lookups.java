import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.state.*;

/**
 * data/lookups.ts as somebody would write it who knows Kafka Streams well: a GlobalKTable, which needs no repartition topic, on the heap;
 * fields read from Jackson's token stream, of transactions that pass alone.
 * Arguments: brokers, input topic, output topic, application id, topic of the users, their number.
 */
public class Lookups {
  record Transaction(long id, int user, double amount, long timestamp) {}

  record User(String name, String tier) {}

  static final JsonFactory JSON = new JsonFactoryBuilder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
  static final SerializedString ID = new SerializedString("transaction_id"), AMOUNT = new SerializedString("amount"),
      NAME = new SerializedString("name"), TIER = new SerializedString("tier"), TIMESTAMP = new SerializedString("timestamp");
  static final ThreadLocal<ByteArrayOutputStream> OUT = ThreadLocal.withInitial(() -> new ByteArrayOutputStream(256));

  static int users;

  /** Null: it is dropped. */
  static Transaction readTransaction(byte[] value) {
    try (JsonParser parser = JSON.createParser(value)) {
      long id = 0, timestamp = 0;
      int user = 0, left = 4;
      double amount = 0;
      parser.nextToken();
      for (String field = parser.nextFieldName(); left > 0 && field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        switch (field) {
          case "transaction_id" -> { id = parser.getLongValue(); left--; }
          case "user_id" -> { user = parser.getIntValue() % users; left--; }
          case "amount" -> {
            amount = parser.getDoubleValue();
            left--;
            if (!(amount > 500)) return null;
          }
          case "timestamp" -> { timestamp = parser.getLongValue(); left--; }
          default -> parser.skipChildren();
        }
      }
      return new Transaction(id, user, amount, timestamp);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static User readUser(byte[] value) {
    if (value == null) return null;
    try (JsonParser parser = JSON.createParser(value)) {
      String name = null, tier = null;
      int left = 2;
      parser.nextToken();
      for (String field = parser.nextFieldName(); left > 0 && field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        switch (field) {
          case "name" -> { name = parser.getText(); left--; }
          case "tier" -> { tier = parser.getText(); left--; }
          default -> parser.skipChildren();
        }
      }
      return new User(name, tier);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static byte[] write(Transaction transaction, User user) {
    ByteArrayOutputStream out = OUT.get();
    out.reset();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeFieldName(ID);
      json.writeNumber(transaction.id());
      json.writeFieldName(AMOUNT);
      json.writeNumber(transaction.amount());
      json.writeFieldName(NAME);
      json.writeString(user.name());
      json.writeFieldName(TIER);
      json.writeString(user.tier());
      json.writeFieldName(TIMESTAMP);
      json.writeNumber(transaction.timestamp());
      json.writeEndObject();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return out.toByteArray();
  }

  static <T> Serde<T> reading(Deserializer<T> deserializer) {
    return Serdes.serdeFrom((topic, value) -> { throw new UnsupportedOperationException(); }, deserializer);
  }

  public static void main(String[] arguments) throws Exception {
    String brokers = arguments[0], input = arguments[1], output = arguments[2], id = arguments[3], table = arguments[4];
    users = Integer.parseInt(arguments[5]);
    Properties settings = Settings.of(brokers, id);
    Serde<Transaction> transaction = reading((topic, bytes) -> readTransaction(bytes));
    Serde<User> user = reading((topic, bytes) -> readUser(bytes));
    StreamsBuilder builder = new StreamsBuilder();
    GlobalKTable<String, User> known = builder.globalTable(table, Consumed.with(Serdes.String(), user),
        Materialized.<String, User>as(Stores.inMemoryKeyValueStore("users")).withKeySerde(Serdes.String()).withValueSerde(user));
    builder.stream(input, Consumed.with(Serdes.ByteArray(), transaction))
        .filter((key, value) -> value != null)
        .join(known, (key, value) -> Integer.toString(value.user()), Lookups::write)
        .to(output, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    KafkaStreams streams = new KafkaStreams(builder.build(settings), settings);
    Settings.endOnErrors(streams);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(5))));
    streams.start();
  }
}
