import com.fasterxml.jackson.core.*;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.*;

/**
 * COUNT, SUM, AVG, MIN and MAX of a minute by a key, told when a window closes, as somebody would write it who knows Kafka Streams
 * well: three fields read from Jackson's token stream, eight bytes through the repartition topic.
 * Arguments: brokers, input topic, output topic, application id, grace in seconds, field of the key, where windows are: heap or disk.
 */
public class Windows {
  /** In ms. By itself it looks each second which windows have closed, and what closes behind its last look stays untold. */
  static final long EMIT_INTERVAL = 100;

  record Transaction(int key, double amount, long timestamp) {}

  static final class Sums {
    long count;
    double total;
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
  }

  static final JsonFactory JSON = new JsonFactoryBuilder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  static String keyField;

  static Transaction read(byte[] value) {
    try (JsonParser parser = JSON.createParser(value)) {
      int key = 0;
      double amount = 0;
      long timestamp = 0;
      int left = 3;
      parser.nextToken();
      for (String field = parser.nextFieldName(); left > 0 && field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals(keyField)) {
          key = parser.getIntValue();
          left--;
        } else switch (field) {
          case "amount" -> { amount = parser.getDoubleValue(); left--; }
          case "timestamp" -> { timestamp = parser.getLongValue(); left--; }
          default -> parser.skipChildren();
        }
      }
      return new Transaction(key, amount, timestamp);
    } catch (Exception error) {
      throw new RuntimeException(error);
    }
  }

  static byte[] write(Windowed<Integer> key, Sums sums) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(200);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("minute", key.window().start());
      json.writeNumberField(keyField, key.key());
      json.writeNumberField("count", sums.count);
      json.writeNumberField("total", sums.total);
      json.writeNumberField("mean", sums.total / sums.count);
      json.writeNumberField("least", sums.least);
      json.writeNumberField("most", sums.most);
      json.writeEndObject();
    } catch (Exception error) {
      throw new RuntimeException(error);
    }
    return out.toByteArray();
  }

  static final Serde<Transaction> TRANSACTION = Serdes.serdeFrom(
      (topic, value) -> { throw new UnsupportedOperationException(); }, (topic, bytes) -> read(bytes));
  static final Serde<Double> AMOUNT = Serdes.Double();
  static final Serde<Sums> SUMS = Serdes.serdeFrom(
      (topic, sums) -> sums == null ? null : ByteBuffer.allocate(32).putLong(sums.count).putDouble(sums.total)
          .putDouble(sums.least).putDouble(sums.most).array(),
      (topic, bytes) -> {
        if (bytes == null) return null;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Sums sums = new Sums();
        sums.count = buffer.getLong();
        sums.total = buffer.getDouble();
        sums.least = buffer.getDouble();
        sums.most = buffer.getDouble();
        return sums;
      });

  public static class EventTime implements TimestampExtractor {
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
      return ((Transaction) record.value()).timestamp();
    }
  }

  public static void main(String[] arguments) throws Exception {
    String brokers = arguments[0], input = arguments[1], output = arguments[2], id = arguments[3];
    Duration grace = Duration.ofSeconds(Long.parseLong(arguments[4]));
    keyField = arguments[5];
    Properties settings = Settings.of(brokers, id);
    settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, EMIT_INTERVAL);
    Duration minute = Duration.ofMinutes(1);
    Materialized<Integer, Sums, WindowStore<Bytes, byte[]>> store = arguments[6].equals("heap")
        ? Materialized.<Integer, Sums>as(Stores.inMemoryWindowStore("sums", minute.plus(grace), minute, false))
        : Materialized.<Integer, Sums, WindowStore<Bytes, byte[]>>as("sums").withRetention(minute.plus(grace));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(input, Consumed.with(Serdes.ByteArray(), TRANSACTION).withTimestampExtractor(new EventTime()))
        .map((key, transaction) -> KeyValue.pair(transaction.key(), transaction.amount()))
        .groupByKey(Grouped.with("keys", Serdes.Integer(), AMOUNT))
        .windowedBy(TimeWindows.ofSizeAndGrace(minute, grace))
        .emitStrategy(EmitStrategy.onWindowClose())
        .aggregate(Sums::new, (key, amount, sums) -> {
          sums.count++;
          sums.total += amount;
          sums.least = Math.min(sums.least, amount);
          sums.most = Math.max(sums.most, amount);
          return sums;
        }, store.withKeySerde(Serdes.Integer()).withValueSerde(SUMS))
        .toStream()
        .map((key, sums) -> KeyValue.pair((byte[]) null, write(key, sums)))
        .to(output, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    KafkaStreams streams = new KafkaStreams(builder.build(settings), settings);
    Settings.endOnErrors(streams);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      double dropped = 0;
      for (Metric metric : streams.metrics().values()) {
        if (metric.metricName().name().equals("dropped-records-total")) dropped += (Double) metric.metricValue();
      }
      System.err.println("dropped " + (long) dropped);
      streams.close(Duration.ofSeconds(5));
    }));
    streams.start();
  }
}
