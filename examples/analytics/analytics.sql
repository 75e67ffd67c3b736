-- Stream metrics
CREATE SOURCE metrics_stream
FROM KAFKA (brokers = 'localhost:9092', topic = 'metrics')
SCHEMA (
    metric_name TEXT,
    value DOUBLE,
    tags TEXT,
    timestamp BIGINT
);

-- 1-minute aggregations
SELECT
    time_bucket('1 minute', timestamp) as window,
    metric_name,
    COUNT(*) as count,
    AVG(value) as avg_value,
    MIN(value) as min_value,
    MAX(value) as max_value,
    PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY value) as p95
FROM metrics_stream
GROUP BY window, metric_name;
