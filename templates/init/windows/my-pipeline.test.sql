-- Tests of my-pipeline.sql: miraclec test

TEST 'a minute is told when it is over'
    INPUT payments VALUES
        (1, 'a', 10.50, '2026-01-01T00:00:01Z'),
        (2, 'a', 5.25, '2026-01-01T00:00:59Z'),
        (3, 'b', 1, '2026-01-01T00:00:30Z')
    EXPECT totals ROWS 0
    INPUT payments VALUES (4, 'a', 7, '2026-01-01T00:01:05Z')
    EXPECT totals (account, payments, total) VALUES ('a', 2, 15.75), ('b', 1, 1)
    EXPECT ERRORS 0;

TEST 'a payment that comes too late is kept beside'
    INPUT payments VALUES
        (1, 'a', 1, '2026-01-01T00:00:01Z'),
        (2, 'a', 1, '2026-01-01T00:02:00Z')
    INPUT payments VALUES (3, 'a', 1, '2026-01-01T00:00:02Z')
    EXPECT totals (account, payments) VALUES ('a', 1)
    EXPECT LATE 1;
