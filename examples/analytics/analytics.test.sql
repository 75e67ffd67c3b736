-- Tests of analytics.sql: miraclec test examples/analytics. What the SELECT prints is in the README.

TEST 'metrics without a value, a name or a time are counted too'
    INPUT metrics_stream VALUES
        ('cpu', 0.5, 'host=a', 1706200000),
        ('cpu', NULL, NULL, 1706200010),
        (NULL, 1, NULL, 1706200010),
        ('cpu', 1, NULL, NULL)
    EXPECT ERRORS 0;

TEST 'a value that is no number is an error of its own'
    INPUT metrics_stream RAW '{"metric_name": "cpu", "value": "high", "timestamp": 1706200000}',
        '{"metric_name": "cpu", "value": 0.5, "timestamp": 1706200000}',
        '{"metric_name": "cpu", '
    EXPECT ERRORS 2;
