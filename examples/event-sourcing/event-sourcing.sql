-- Ingest all domain events
CREATE SOURCE domain_events
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'events',
    group_id = 'event-store',
    auto_offset_reset = 'earliest'  -- Replay from beginning
)
SCHEMA (
    event_id TEXT,
    aggregate_id TEXT,
    event_type TEXT,
    payload TEXT,
    timestamp BIGINT
);

-- Rebuild current state from events
SELECT
    aggregate_id,
    LAST_VALUE(payload ORDER BY timestamp) as current_state
FROM domain_events
GROUP BY aggregate_id;
