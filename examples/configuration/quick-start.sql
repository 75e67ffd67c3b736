-- The reference's Quick Start, and its examples of CREATE SOURCE and CREATE SINK
CREATE SOURCE transactions_stream
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'transactions-input',
    group_id = 'miracledb-consumer',
    auto_offset_reset = 'latest'
)
SCHEMA (
    transaction_id BIGINT,
    user_id BIGINT,
    amount DOUBLE,
    merchant_id BIGINT,
    timestamp BIGINT
);

CREATE SINK cdc_output
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'cdc-output',
    compression = 'snappy'
)
FROM TABLE transactions;

CREATE SOURCE user_events
FROM KAFKA (
    brokers = 'kafka-1:9092,kafka-2:9092,kafka-3:9092',
    topic = 'user-activity',
    group_id = 'miracledb-analytics',
    auto_offset_reset = 'earliest'
)
SCHEMA (
    event_id BIGINT,
    user_id BIGINT,
    event_type TEXT,
    properties TEXT,
    timestamp BIGINT
);

CREATE SINK order_updates
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'order-updates-stream',
    compression = 'snappy'
)
FROM TABLE orders;

-- Not in the reference, which takes both tables as given: what fills them
CREATE TABLE transactions (
    transaction_id BIGINT,
    user_id BIGINT,
    amount DOUBLE,
    merchant_id BIGINT,
    timestamp BIGINT,
    PRIMARY KEY (transaction_id)
);
INSERT INTO transactions SELECT * FROM transactions_stream;

INSERT INTO orders
SELECT event_id, user_id, CAST(json_extract(properties, '$.total') AS DOUBLE) AS total, timestamp
FROM user_events
WHERE event_type = 'order';
