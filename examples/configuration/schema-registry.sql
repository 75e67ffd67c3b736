CREATE SOURCE avro_source
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'avro-data',
    schema_registry_url = 'http://localhost:8081'
)
SCHEMA (INFER FROM REGISTRY);
