import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;

/**
 * data/verdicts.ts as somebody would write it who knows Kafka Streams and Jackson well: three fields read from the token stream, which
 * ends when they are found.
 * Arguments: brokers, input topic, output topic, application id.
 */
public class Verdicts {
  static final JsonFactory JSON = new JsonFactoryBuilder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
  static final SerializedString ID = new SerializedString("transaction_id"), AMOUNT = new SerializedString("amount"),
      VERDICT = new SerializedString("verdict"), TIMESTAMP = new SerializedString("timestamp");
  static final ThreadLocal<ByteArrayOutputStream> OUT = ThreadLocal.withInitial(() -> new ByteArrayOutputStream(256));

  /** Null: it is dropped. */
  static byte[] judge(byte[] transaction) {
    try (JsonParser parser = JSON.createParser(transaction)) {
      long id = 0, timestamp = 0;
      double amount = 0;
      int left = 3;
      parser.nextToken();
      for (String field = parser.nextFieldName(); left > 0 && field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        switch (field) {
          case "transaction_id" -> { id = parser.getLongValue(); left--; }
          case "amount" -> {
            amount = parser.getDoubleValue();
            left--;
            if (!(amount > 500)) return null;
          }
          case "timestamp" -> { timestamp = parser.getLongValue(); left--; }
          default -> parser.skipChildren();
        }
      }
      return write(id, amount, timestamp);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static byte[] write(long id, double amount, long timestamp) throws IOException {
    ByteArrayOutputStream out = OUT.get();
    out.reset();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeFieldName(ID);
      json.writeNumber(id);
      json.writeFieldName(AMOUNT);
      json.writeNumber(amount);
      json.writeFieldName(VERDICT);
      json.writeString(amount > 950 ? "BLOCK" : amount > 900 ? "REVIEW" : "APPROVE");
      json.writeFieldName(TIMESTAMP);
      json.writeNumber(timestamp);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  public static void main(String[] arguments) throws Exception {
    String brokers = arguments[0], input = arguments[1], output = arguments[2], id = arguments[3];
    Properties settings = Settings.of(brokers, id);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(input, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(Verdicts::judge)
        .filter((key, verdict) -> verdict != null)
        .to(output, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    KafkaStreams streams = new KafkaStreams(builder.build(settings), settings);
    Settings.endOnErrors(streams);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(5))));
    streams.start();
  }
}
