-- Tests of errors.sql: miraclec test examples/configuration

TEST 'what can be divided is'
    INPUT resilient_source VALUES ('{"id": 1, "parts": 4}'), ('{"id": 2}')
    EXPECT error_tolerant_sink VALUES (1, 25), (2, NULL)
    EXPECT ERRORS 0;

TEST 'each line that fails is a dead letter of its own'
    INPUT resilient_source VALUES
        ('{"id": 1, "parts": 0}'),
        ('{"id": 2, "parts": "many"}'),
        ('{"id": 3, "parts": 50}'),
        ('{"id": 4, ')
    EXPECT error_tolerant_sink VALUES (3, 2)
    EXPECT ERRORS 3;

TEST 'an empty line is no JSON'
    INPUT resilient_source RAW '', '{"id": 1, "parts": 100}'
    EXPECT error_tolerant_sink (id) VALUES (1)
    EXPECT ERRORS 1;
