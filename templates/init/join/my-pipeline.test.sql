-- Tests of my-pipeline.sql: miraclec test

TEST 'an order gets what is known of its customer'
    INPUT customers VALUES (1, 'Ada', 'GB'), (2, 'Alan', NULL)
    INPUT orders VALUES (10, 1, 19.90), (11, 2, 5), (12, 3, 7)
    EXPECT enriched_orders VALUES
        (10, 19.90, 'Ada', 'GB'),
        (11, 5, 'Alan', 'unknown'),
        (12, 7, NULL, 'unknown')
    EXPECT ERRORS 0;

TEST 'a customer is as it is when the order comes'
    INPUT customers VALUES (1, 'Ada', 'GB')
    INPUT orders VALUES (1, 1, 1)
    INPUT customers VALUES (1, 'Ada', 'FR')
    INPUT orders VALUES (2, 1, 1)
    EXPECT enriched_orders (order_id, country) VALUES (1, 'GB'), (2, 'FR');
