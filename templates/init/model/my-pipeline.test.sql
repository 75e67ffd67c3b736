-- Tests of my-pipeline.sql: miraclec test

TEST 'the score decides'
    INPUT payments VALUES (1, 960, 0.9, 0.8), (2, 800, 0.6, 0.7), (3, 5, 0.1, 0.1)
    MODEL risk RETURNS 0.97, 0.80, 0.10
    EXPECT alerts VALUES (1, 960, 0.97)
    EXPECT ERRORS 0;

TEST 'the model that is shipped knows large from small'
    INPUT payments VALUES (1, 960, 0.9, 0.8), (2, 5, 0.1, 0.1)
    EXPECT alerts (payment_id) VALUES (1);
