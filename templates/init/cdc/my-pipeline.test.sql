-- Tests of my-pipeline.sql: miraclec test

TEST 'an order is published while it is open'
    INPUT orders RAW '{"before": null, "after": {"id": 1, "customer": "Ada", "amount": 19.9, "status": "open"}, "op": "c"}',
        '{"before": null, "after": {"id": 2, "customer": "Alan", "amount": 5, "status": "paid"}, "op": "c"}'
    EXPECT open_orders VALUES (1, 'Ada', 19.9)
    EXPECT ERRORS 0;

TEST 'one that is paid is taken back'
    INPUT orders RAW '{"before": null, "after": {"id": 1, "customer": "Ada", "amount": 19.9, "status": "open"}, "op": "c"}',
        '{"before": null, "after": {"id": 2, "customer": "Alan", "amount": 5, "status": "open"}, "op": "c"}',
        '{"before": null, "after": {"id": 1, "customer": "Ada", "amount": 19.9, "status": "paid"}, "op": "u"}'
    EXPECT orders (id, status) VALUES (1, 'paid'), (2, 'open')
    EXPECT ERRORS 0;
