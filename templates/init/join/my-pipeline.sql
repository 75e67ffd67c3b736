-- Orders with the name and the country of who made them: a topic of events beside a topic that is a table.
CREATE SOURCE orders
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-orders',
    group_id = 'my-pipeline',
    auto_offset_reset = 'earliest'
)
SCHEMA (order_id BIGINT NOT NULL, customer_id BIGINT NOT NULL, amount DECIMAL(18, 2) NOT NULL)
ON ERROR (action = 'dead_letter', dead_letter_topic = 'my-pipeline-orders-dlq');

-- The last record of a key is its row; one without a value deletes it.
CREATE SOURCE customers
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-customers',
    group_id = 'my-pipeline-customers',
    format = 'upsert'
)
SCHEMA (id BIGINT NOT NULL, name TEXT, country TEXT, PRIMARY KEY (id));

CREATE SINK enriched_orders
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'my-pipeline-enriched-orders'
);

INSERT INTO enriched_orders
SELECT o.order_id, o.amount, c.name, COALESCE(c.country, 'unknown') AS country
FROM orders o
LEFT JOIN customers c ON o.customer_id = c.id;
