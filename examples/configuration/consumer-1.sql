# Scale consumers horizontally
# Each consumer in the same group processes different partitions

# Consumer 1
CREATE SOURCE consumer_1 FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'data',
    group_id = 'parallel-group'
);

-- Not in the reference: what the consumer does with a line
CREATE SINK received TO KAFKA (brokers = 'localhost:9092', topic = 'received');
INSERT INTO received SELECT 'consumer 1' AS consumer, value FROM consumer_1;
