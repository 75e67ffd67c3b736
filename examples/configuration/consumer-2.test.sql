-- Tests of consumer-2.sql: miraclec test examples/configuration

TEST 'every line says who received it'
    INPUT consumer_2 VALUES ('a line'), ('')
    EXPECT received VALUES ('consumer 2', 'a line'), ('consumer 2', '')
    EXPECT ERRORS 0;
