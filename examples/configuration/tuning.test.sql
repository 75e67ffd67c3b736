-- Tests of tuning.sql: miraclec test examples/configuration

TEST 'what comes in as text goes out as it came'
    INPUT high_throughput RAW '{"sensor": 1}', 'no JSON at all', ''
    EXPECT high_throughput_sink VALUES ('{"sensor": 1}'), ('no JSON at all'), ('')
    EXPECT ERRORS 0;

TEST 'an event goes to the critical ones, and to those of its user'
    INPUT low_latency VALUES ('{"user_id": 1, "action": "login"}'), ('{"action": "heartbeat"}')
    EXPECT reliable_sink ROWS 2
    EXPECT partitioned_sink VALUES (1, '"login"'), (NULL, '"heartbeat"');

TEST 'a line that is no JSON is an error of the query that needs JSON'
    INPUT low_latency RAW 'hello', '{"user_id": 2, "action": "logout"}'
    EXPECT partitioned_sink VALUES (2, '"logout"')
    EXPECT ERRORS 1;
