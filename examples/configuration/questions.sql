-- Statements for quick-start.sql while it runs: quick-start sql --port 8080 < examples/configuration/questions.sql
SHOW SOURCES;
-- or
LIST SOURCES;

SHOW SINKS;
-- or
LIST SINKS;

-- Check source health
SELECT
    source_name,
    status,
    lag,
    last_message_timestamp
FROM system.kafka_sources;

-- Check sink health
SELECT
    sink_name,
    status,
    messages_sent,
    error_count
FROM system.kafka_sinks;

SELECT consumer_group, topic, partition, current_offset, lag
FROM system.kafka_consumer_offsets
WHERE consumer_group = 'miracledb-consumer';

ALTER SOURCE transactions_stream
SET auto_offset_reset = 'earliest';

ALTER SINK cdc_output
SET request_timeout_ms = 60000;  -- 60 seconds

DROP SOURCE transactions_stream;

DROP SINK cdc_output;
