-- Tests of my-pipeline.sql: miraclec test

TEST 'small payments pass, large ones are told'
    INPUT payments VALUES (1, 'a', 999.99, 'DE'), (2, 'a', 1000, 'DE'), (3, 'b', 10000, 'DE')
    EXPECT alerts VALUES (2, 'a', 1000, 'REVIEW'), (3, 'b', 10000, 'HOLD')
    EXPECT ERRORS 0;

TEST 'without a country a payment is held'
    INPUT payments VALUES (1, 'a', 1500, NULL)
    EXPECT alerts (payment_id, action) VALUES (1, 'HOLD');

TEST 'a record that is broken does not take its neighbours along'
    INPUT payments RAW '{"payment_id": 1, "account": "a", "amount": "much"}',
        '{"payment_id": 2, "account": "a", "amount": 2000, "country": "DE"}'
    EXPECT alerts (payment_id) VALUES (2)
    EXPECT ERRORS 1;
