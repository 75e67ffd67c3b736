-- Tests of quick-start.sql: miraclec test examples/configuration

TEST 'a transaction is a row, and each of its changes is published'
    INPUT transactions_stream VALUES
        (1001, 100, 99.99, 7, 1706200000),
        (1002, 101, 5, NULL, 1706200010)
    EXPECT cdc_output ROWS 2
    INPUT transactions_stream VALUES (1001, 100, 89.99, 7, 1706200100)
    EXPECT cdc_output VALUES (1001, 100, 89.99, 7, 1706200100)
    EXPECT transactions (transaction_id, amount) VALUES (1001, 89.99), (1002, 5);

TEST 'the same row again changes nothing that one could see'
    INPUT transactions_stream VALUES (1, 100, 5, 7, 0), (1, 100, 5, 7, 0)
    EXPECT transactions ROWS 1;

TEST 'what the document prints as an incoming message is one'
    INPUT transactions_stream RAW '{
        "transaction_id": 1001,
        "user_id": 100,
        "amount": 99.99,
        "status": "pending",
        "timestamp": 1706200000
    }'
    EXPECT cdc_output VALUES (1001, 100, 99.99, NULL, 1706200000)
    EXPECT ERRORS 0;

TEST 'a transaction needs its key, and numbers that are numbers'
    INPUT transactions_stream RAW '{"user_id": 100, "amount": 5}',
        '{"transaction_id": 1004, "amount": "a lot"}',
        '{"transaction_id": "1003", "user_id": 9007199254740993}'
    EXPECT cdc_output (transaction_id, user_id) VALUES (1003, 9007199254740993)
    EXPECT ERRORS 2;

TEST 'an activity that is an order is one, whatever its properties are written as'
    INPUT user_events VALUES
        (1, 100, 'login', NULL, 1706200000),
        (2, 100, 'order', '{"total": 19.90}', 1706200020),
        (3, 100, NULL, '{"total": 7}', 1706200030)
    INPUT user_events RAW '{"event_id": 4, "event_type": "order", "properties": {"total": 5}}'
    INPUT user_events VALUES (5, 101, 'order', NULL, 1706200050)
    EXPECT order_updates VALUES
        (2, 100, 19.9, 1706200020),
        (4, NULL, 5, NULL),
        (5, 101, NULL, 1706200050);
