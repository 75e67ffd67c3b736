-- Payments of 1,000 and more, each with what it is to be done with.
CREATE SOURCE payments
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-payments',
    group_id = 'my-pipeline',
    auto_offset_reset = 'earliest'
)
SCHEMA (
    payment_id BIGINT NOT NULL,
    account TEXT NOT NULL,
    amount DECIMAL(18, 2) NOT NULL,
    country TEXT
)
ON ERROR (action = 'dead_letter', dead_letter_topic = 'my-pipeline-payments-dlq');

CREATE SINK alerts
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-alerts',
    partition_key = 'account'
);

INSERT INTO alerts
SELECT
    payment_id,
    account,
    amount,
    CASE WHEN amount >= 10000 OR country IS NULL THEN 'HOLD' ELSE 'REVIEW' END AS action
FROM payments
WHERE amount >= 1000;
