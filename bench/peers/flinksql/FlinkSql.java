import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * The scripts of data/verdicts.ts and of windows of a minute in Flink SQL, on a MiniCluster in this process, unbounded: two slots, object
 * reuse, state on the heap, a checkpoint each second, at least once.
 * Arguments: verdicts or windows, brokers, input topic, output topic, group, and for windows the column of the key.
 */
public class FlinkSql {
  public static void main(String[] arguments) throws Exception {
    String job = arguments[0], brokers = arguments[1], input = arguments[2], output = arguments[3], group = arguments[4];
    Path folder = Files.createTempDirectory("flinksql-");
    Configuration settings = new Configuration();
    Map.of(
        "parallelism.default", "2",
        "pipeline.object-reuse", "true",
        "execution.checkpointing.interval", "1 s",
        "execution.checkpointing.mode", "AT_LEAST_ONCE",
        "execution.checkpointing.storage", "filesystem",
        "execution.checkpointing.dir", folder.toUri().toString(),
        "taskmanager.memory.network.min", "192m",
        "taskmanager.memory.network.max", "192m",
        "taskmanager.memory.managed.size", "256m",
        "table.local-time-zone", "UTC").forEach(settings::setString);
    settings.setString("rest.address", "127.0.0.1");
    settings.setString("rest.bind-address", "127.0.0.1");
    StreamTableEnvironment tables = StreamTableEnvironment.create(
        StreamExecutionEnvironment.getExecutionEnvironment(settings),
        EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
    String eventTime = ", ts AS TO_TIMESTAMP_LTZ(`timestamp`, 3), WATERMARK FOR ts AS ts - INTERVAL '30' SECOND";
    tables.executeSql("CREATE TABLE transactions (transaction_id BIGINT, amount DOUBLE, `timestamp` BIGINT"
        + (job.equals("windows") ? ", " + arguments[5] + " INT" + eventTime : "") + ") WITH ('connector' = 'kafka', 'topic' = '" + input + "', 'format' = 'json',"
        + "'properties.bootstrap.servers' = '" + brokers + "', 'properties.group.id' = '" + group + "',"
        + "'scan.startup.mode' = 'earliest-offset', 'properties.max.partition.fetch.bytes' = '4194304',"
        + "'properties.fetch.max.bytes' = '16777216', 'properties.max.poll.records' = '10000')");
    String sink = " WITH ('connector' = 'kafka', 'topic' = '" + output + "', 'format' = 'json',"
        + "'properties.bootstrap.servers' = '" + brokers + "', 'sink.delivery-guarantee' = 'at-least-once',"
        + "'properties.linger.ms' = '10', 'properties.batch.size' = '524288', 'properties.buffer.memory' = '67108864')";
    if (job.equals("verdicts")) {
      tables.executeSql("CREATE TABLE verdicts (transaction_id BIGINT, amount DOUBLE, verdict STRING, `timestamp` BIGINT)" + sink);
      tables.executeSql("INSERT INTO verdicts SELECT transaction_id, amount,"
          + "CASE WHEN amount > 950 THEN 'BLOCK' WHEN amount > 900 THEN 'REVIEW' ELSE 'APPROVE' END, `timestamp`"
          + "FROM transactions WHERE amount > 500").await();
    } else {
      String key = arguments[5];
      tables.executeSql("CREATE TABLE minutes (`minute` BIGINT, " + key + " INT, `count` BIGINT, total DOUBLE, mean DOUBLE, least DOUBLE,"
          + "`most` DOUBLE)" + sink);
      tables.executeSql("INSERT INTO minutes SELECT 1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')), " + key + ","
          + "COUNT(*), SUM(amount), AVG(amount), MIN(amount), MAX(amount)"
          + "FROM TABLE(TUMBLE(TABLE transactions, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"
          + "GROUP BY window_start, window_end, " + key).await();
    }
  }
}
