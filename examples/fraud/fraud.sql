-- Create source
CREATE SOURCE transactions_stream
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'transactions',
    group_id = 'fraud-detector'
)
SCHEMA (
    transaction_id BIGINT,
    amount DOUBLE,
    merchant_risk DOUBLE,
    location_score DOUBLE
);

-- Load fraud detection model
CREATE MODEL fraud_detector FROM 'fraud_model.onnx';

-- Create sink for alerts
CREATE SINK fraud_alerts
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'fraud-alerts'
)
FROM TABLE high_risk_transactions;

-- Process stream with ML
INSERT INTO high_risk_transactions
SELECT
    transaction_id,
    amount,
    predict('fraud_detector', amount, merchant_risk, location_score) as fraud_score,
    CASE
        WHEN predict('fraud_detector', amount, merchant_risk, location_score) > 0.95 THEN 'BLOCK'
        WHEN predict('fraud_detector', amount, merchant_risk, location_score) > 0.80 THEN 'REVIEW'
        ELSE 'APPROVE'
    END as recommendation
FROM transactions_stream
WHERE predict('fraud_detector', amount, merchant_risk, location_score) > 0.80;
