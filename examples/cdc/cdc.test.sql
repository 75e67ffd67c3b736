-- Tests of cdc.sql: miraclec test examples/cdc

TEST 'every change is published as the whole row after it, a delete as the row before it'
    EXPECT order_cdc VALUES
        (1, 100, 99.99, 'pending', 1706200000),
        (1, 100, 99.99, 'shipped', 1706200000),
        (2, 101, 5, 'pending', 1706200060),
        (3, 102, NULL, NULL, 1706200120),
        (2, 101, 5, 'pending', 1706200060)
    EXPECT ERRORS 0;

TEST 'the table holds what is left, NULLs included'
    EXPECT orders VALUES
        (1, 100, 99.99, 'shipped', 1706200000),
        (3, 102, NULL, NULL, 1706200120);

TEST 'statements run once: time brings nothing new'
    EXPECT order_cdc ROWS 5
    ADVANCE TIME TO '2030-01-01T00:00:00Z'
    EXPECT order_cdc ROWS 0;
