-- Tests of consumer-1.sql: miraclec test examples/configuration

TEST 'every line says who received it'
    INPUT consumer_1 VALUES ('a line'), ('')
    EXPECT received VALUES ('consumer 1', 'a line'), ('consumer 1', '')
    EXPECT ERRORS 0;
