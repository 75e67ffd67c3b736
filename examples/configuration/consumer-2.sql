# Consumer 2 (different MiracleDb instance)
CREATE SOURCE consumer_2 FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'data',
    group_id = 'parallel-group'  # Same group ID
);

# Kafka automatically distributes partitions between consumers

-- Not in the reference: what the consumer does with a line
CREATE SINK received TO KAFKA (brokers = 'localhost:9092', topic = 'received');
INSERT INTO received SELECT 'consumer 2' AS consumer, value FROM consumer_2;
