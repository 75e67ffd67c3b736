-- Tests of event-sourcing.sql: miraclec test examples/event-sourcing. What the SELECT prints is in the README.

TEST 'events that come late, at one time, or without a time or an aggregate are no errors'
    INPUT domain_events VALUES
        ('e1', 'order-1', 'created', '{"total": 20}', 20),
        ('e2', 'order-1', 'noted', '{"total": 21}', 10),
        ('e3', 'order-1', 'paid', '{"total": 22}', 20),
        ('e4', 'order-1', 'lost', NULL, NULL),
        ('e5', NULL, 'lost', '{}', 30)
    EXPECT ERRORS 0;

TEST 'an event that is broken is an error of its own'
    INPUT domain_events RAW '{"event_id": "e1", "aggregate_id": "order-1", "timestamp": "soon"}',
        '{"event_id": "e2", "aggregate_id": "order-1", "timestamp": 1}',
        'order-1'
    EXPECT ERRORS 2;
