-- High throughput (batch processing)
CREATE SOURCE high_throughput
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'bulk-data',
    group_id = 'batch-consumer'
)
CONFIG (
    'fetch.min.bytes' = '1048576',        -- 1MB minimum fetch
    'fetch.wait.max.ms' = '500',          -- Wait up to 500ms
    'max.partition.fetch.bytes' = '10485760'  -- 10MB per partition
);

-- Low latency (real-time)
CREATE SOURCE low_latency
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'realtime-events',
    group_id = 'realtime-consumer'
)
CONFIG (
    'fetch.min.bytes' = '1',              -- Immediate fetch
    'fetch.wait.max.ms' = '10',           -- 10ms max wait
    'max.partition.fetch.bytes' = '1048576'  -- 1MB per partition
);

-- Maximum throughput
CREATE SINK high_throughput_sink
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'output',
    compression = 'lz4'
)
CONFIG (
    'batch.size' = '1000000',             -- 1MB batches
    'linger.ms' = '100',                  -- Wait 100ms to batch
    'compression.type' = 'lz4',           -- Fast compression
    'acks' = '1'                          -- Leader acknowledgment only
);

-- Maximum reliability
CREATE SINK reliable_sink
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'critical-events',
    compression = 'gzip'
)
CONFIG (
    'acks' = 'all',                       -- All replicas must acknowledge
    'retries' = '10',                     -- Retry failed sends
    'max.in.flight.requests.per.connection' = '1'  -- Ordered delivery
);

-- Key-based partitioning for ordering
CREATE SINK partitioned_sink
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'user-events',
    partition_key = 'user_id'             -- Partition by user_id
)
FROM TABLE events;
-- All events for same user_id go to same partition (ordered)

-- Not in the reference: what goes from where to where
INSERT INTO high_throughput_sink SELECT * FROM high_throughput;

INSERT INTO reliable_sink SELECT * FROM low_latency;

INSERT INTO events
SELECT
    CAST(json_extract(value, '$.user_id') AS BIGINT) AS user_id,
    json_extract(value, '$.action') AS action
FROM low_latency;
