-- Tests of etl.sql: miraclec test examples/etl

TEST 'an event gets the name and the email of its user'
    INPUT users VALUES (1, 'Ada', 'ada@example.com'), (2, 'Alan', NULL)
    INPUT raw_events VALUES
        (10, '{"user_id": 1, "action": "purchase", "value": 19.90}', 1706200000),
        (11, '{"user_id": 2, "action": "login"}', 1706200001)
    EXPECT warehouse_events VALUES
        (10, 1706200000, 'Ada', 'ada@example.com', '"purchase"', '19.90'),
        (11, 1706200001, 'Alan', NULL, '"login"', NULL)
    EXPECT ERRORS 0;

TEST 'a user is as it is when the event comes'
    INPUT users VALUES (1, 'Ada', 'ada@example.com')
    INPUT raw_events VALUES (1, '{"user_id": 1}', 0)
    INPUT users VALUES (1, 'Ada', 'ada@example.org')
    INPUT raw_events VALUES (2, '{"user_id": 1}', 0)
    EXPECT warehouse_events (event_id, email) VALUES
        (1, 'ada@example.com'),
        (2, 'ada@example.org')
    EXPECT users VALUES (1, 'Ada', 'ada@example.org');

TEST 'an event without a user is not for the warehouse'
    INPUT users VALUES (1, 'Ada', 'ada@example.com')
    INPUT raw_events VALUES
        (1, '{"user_id": 2, "action": "login"}', 0),
        (2, '{"action": "login"}', 0),
        (3, '{"user_id": null, "action": "login"}', 0),
        (4, NULL, 0)
    EXPECT warehouse_events ROWS 0
    EXPECT ERRORS 0;

TEST 'a document that is broken does not take its neighbours along'
    INPUT users VALUES (1, 'Ada', 'ada@example.com')
    INPUT raw_events VALUES
        (1, '{"user_id": 1, "action": "login"}', 0),
        (2, '{"user_id": 1, "action": ', 0),
        (3, '{"user_id": 1, "action": "logout"}', 0)
    INPUT raw_events RAW '{"event_id": 4, "data": ', '{"event_id": "four", "data": "{}"}'
    EXPECT warehouse_events (event_id, action) VALUES (1, '"login"'), (3, '"logout"')
    EXPECT ERRORS 3;

TEST 'data may be a document itself, and what is in it may be one'
    INPUT users VALUES (9007199254740993, 'Ada', 'ada@example.com')
    INPUT raw_events RAW
        '{"event_id": 1, "data": {"user_id": 9007199254740993, "value": {"items": [1, 2]}}, "timestamp": 0}',
        '{"event_id": 2, "data": {"user_id": 9007199254740992}, "timestamp": 0}'
    EXPECT warehouse_events (event_id, action, value) VALUES (1, NULL, '{"items":[1,2]}')
    EXPECT ERRORS 0;
