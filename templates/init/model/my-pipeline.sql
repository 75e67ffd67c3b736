-- Payments that a model finds risky. model.onnx is compiled into the executable: put your own in its place.
CREATE SOURCE payments
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-payments',
    group_id = 'my-pipeline',
    auto_offset_reset = 'earliest'
)
SCHEMA (payment_id BIGINT NOT NULL, amount DOUBLE, merchant_risk DOUBLE, location_score DOUBLE)
ON ERROR (action = 'dead_letter', dead_letter_topic = 'my-pipeline-payments-dlq');

CREATE MODEL risk FROM 'model.onnx';

CREATE SINK alerts
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-alerts'
);

INSERT INTO alerts
SELECT payment_id, amount, predict('risk', amount, merchant_risk, location_score) AS score
FROM payments
WHERE predict('risk', amount, merchant_risk, location_score) > 0.80;
