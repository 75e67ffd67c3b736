-- Configure error handling
CREATE SOURCE resilient_source
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'data',
    group_id = 'resilient-consumer'
)
CONFIG (
    'enable.auto.commit' = 'false',       -- Manual offset management
    'isolation.level' = 'read_committed', -- Only read committed messages
    'max.poll.records' = '1000'           -- Process 1000 at a time
)
ON ERROR (
    action = 'retry',
    max_retries = 3,
    dead_letter_topic = 'dlq-errors'
);

CREATE SINK error_tolerant_sink
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'output'
)
CONFIG (
    'retries' = '10',                     -- Retry 10 times
    'retry.backoff.ms' = '1000',          -- 1s between retries
    'request.timeout.ms' = '30000'        -- 30s timeout
)
ON ERROR (
    action = 'log',                       -- Log and continue
    dead_letter_topic = 'failed-sends'
);

-- Not in the reference: what goes from where to where
INSERT INTO error_tolerant_sink
SELECT
    CAST(json_extract(value, '$.id') AS BIGINT) AS id,
    100 / CAST(json_extract(value, '$.parts') AS BIGINT) AS share
FROM resilient_source;
