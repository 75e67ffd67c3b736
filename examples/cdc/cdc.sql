-- Create orders table
CREATE TABLE orders (
    order_id BIGINT,
    customer_id BIGINT,
    amount DOUBLE,
    status TEXT,
    created_at BIGINT
);

-- Create CDC sink
CREATE SINK order_cdc
TO KAFKA (
    brokers = 'localhost:9092',
    topic = 'orders-cdc',
    compression = 'snappy'
)
FROM TABLE orders;

-- All INSERT, UPDATE, DELETE operations on orders
-- will automatically be published to 'orders-cdc' topic
INSERT INTO orders VALUES (1, 100, 99.99, 'pending', 1706200000);
-- CDC event published: {"order_id": 1, "customer_id": 100, ...}

UPDATE orders SET status = 'shipped' WHERE order_id = 1;
-- CDC event published: {"order_id": 1, "status": "shipped", ...}

-- Not in the reference: rows that go are published too, as they were
INSERT INTO orders VALUES (2, 101, 5, 'pending', 1706200060), (3, 102, NULL, NULL, 1706200120);
DELETE FROM orders WHERE order_id = 2;
