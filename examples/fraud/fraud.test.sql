-- Tests of fraud.sql: miraclec test examples/fraud

TEST 'the score decides'
    INPUT transactions_stream VALUES
        (1, 960.0, 0.9, 0.8),
        (2, 800.0, 0.6, 0.7),
        (3, 5.0, 0.1, 0.1)
    MODEL fraud_detector RETURNS 0.97, 0.85, 0.10
    EXPECT fraud_alerts VALUES
        (1, 960.0, 0.97, 'BLOCK'),
        (2, 800.0, 0.85, 'REVIEW')
    EXPECT ERRORS 0;

TEST 'a limit itself is below it'
    INPUT transactions_stream VALUES (1, 100, 0.5, 0.5), (2, 100, 0.5, 0.5), (3, 100, 0.5, 0.5)
    MODEL fraud_detector RETURNS 0.95, 0.8000001, 0.80
    EXPECT fraud_alerts (transaction_id, recommendation) VALUES (1, 'REVIEW'), (2, 'REVIEW');

TEST 'every alert is a row of high_risk_transactions'
    INPUT transactions_stream VALUES (1, 960.0, 0.9, 0.8)
    INPUT transactions_stream VALUES (2, 970.0, 0.9, 0.9)
    MODEL fraud_detector RETURNS 0.96, 0.98
    EXPECT high_risk_transactions (transaction_id, fraud_score) VALUES (1, 0.96), (2, 0.98)
    EXPECT fraud_alerts ROWS 2;

TEST 'the model that is shipped knows large from small'
    INPUT transactions_stream VALUES (1, 960.0, 0.9, 0.8), (2, 5.0, 0.1, 0.1)
    EXPECT fraud_alerts (transaction_id, recommendation) VALUES (1, 'BLOCK');

TEST 'without a risk there is no score, and no alert'
    INPUT transactions_stream (transaction_id, amount, location_score) VALUES (1, 5000, 0.9)
    INPUT transactions_stream VALUES (2, NULL, 0.9, 0.9)
    EXPECT fraud_alerts ROWS 0
    EXPECT ERRORS 0;

TEST 'a record that is broken does not take its neighbours along'
    INPUT transactions_stream RAW '{"transaction_id": 1, "amount": 960, "merchant_risk": 0.9, "location_score": 0.8}',
        '{"transaction_id": 2, "amount": ',
        '{"transaction_id": 3, "amount": "much", "merchant_risk": 0.9, "location_score": 0.8}',
        '{"transaction_id": 9007199254740993, "amount": 960, "merchant_risk": 0.9, "location_score": 0.8}'
    MODEL fraud_detector RETURNS 0.99, 0.98
    EXPECT fraud_alerts (transaction_id, fraud_score) VALUES (1, 0.99), (9007199254740993, 0.98)
    EXPECT ERRORS 2;
