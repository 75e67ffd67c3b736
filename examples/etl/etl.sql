-- Ingest raw events
CREATE SOURCE raw_events
FROM KAFKA (brokers = 'localhost:9092', topic = 'raw-events', group_id = 'etl')
SCHEMA (event_id BIGINT, data TEXT, timestamp BIGINT);

-- Not in the reference, which takes users as given: a compacted topic with a record per user
CREATE SOURCE users
FROM KAFKA (brokers = 'localhost:9092', topic = 'users', group_id = 'etl-users', format = 'upsert')
SCHEMA (id BIGINT, name TEXT, email TEXT, PRIMARY KEY (id));

-- Transform and enrich
CREATE TABLE enriched_events AS
SELECT
    e.event_id,
    e.timestamp,
    u.name,
    u.email,
    json_extract(e.data, '$.action') as action,
    json_extract(e.data, '$.value') as value
FROM raw_events e
JOIN users u ON json_extract(e.data, '$.user_id') = u.id;

-- Output to data warehouse topic
CREATE SINK warehouse_events
TO KAFKA (brokers = 'localhost:9092', topic = 'warehouse-events', compression = 'zstd')
FROM TABLE enriched_events;
