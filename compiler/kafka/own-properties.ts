import type { KafkaProperty } from './librdkafka-properties.ts'

/** Properties that no client of Kafka knows: they say how a pipeline uses its clients. */
export const ownProperties: readonly KafkaProperty[] = [
  {
    // Who reads the records of a topic: connections of the pipeline's own, or librdkafka.
    name: 'miraclec.fetch',
    side: 'source',
    values: { kind: 'choice', choices: ['raw', 'librdkafka'] }
  },
  {
    // Who writes them, where they are delivered at least once.
    name: 'miraclec.produce',
    side: 'sink',
    values: { kind: 'choice', choices: ['raw', 'librdkafka'] }
  }
]
