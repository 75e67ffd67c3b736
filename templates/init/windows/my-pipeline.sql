-- How many payments each account makes in a minute, and how much they come to.
SET parallelism = 4;

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
    ts TIMESTAMP NOT NULL,
    WATERMARK FOR ts AS ts - INTERVAL '5' SECOND IDLE TIMEOUT INTERVAL '30' SECOND
)
ON ERROR (action = 'dead_letter', dead_letter_topic = 'my-pipeline-payments-dlq')
ON LATE (action = 'dead_letter', dead_letter_topic = 'my-pipeline-payments-late');

CREATE SINK totals
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-totals',
    partition_key = 'account'
);

INSERT INTO totals
SELECT account, window_start, window_end, COUNT(*) AS payments, SUM(amount) AS total
FROM TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '1' MINUTE)
GROUP BY account, window_start, window_end
EMIT ON WINDOW CLOSE;
