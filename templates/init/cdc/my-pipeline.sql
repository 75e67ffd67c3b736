-- What a database's table holds, read from its changes (Debezium), and what of it others may see: each change is published.
CREATE SOURCE orders
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-orders',
    group_id = 'my-pipeline',
    auto_offset_reset = 'earliest',
    format = 'debezium'
)
SCHEMA (
    id BIGINT NOT NULL,
    customer TEXT,
    amount DECIMAL(18, 2),
    status TEXT,
    PRIMARY KEY (id)
)
ON ERROR (action = 'dead_letter', dead_letter_topic = 'my-pipeline-orders-dlq');

CREATE SINK open_orders
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-open-orders',
    format = 'upsert'
)
AS SELECT id, customer, amount
FROM orders
WHERE status = 'open';
