/** Names of https://opentelemetry.io/docs/specs/semconv/messaging/ and, with our own prefix, what these have none for. */
export const ATTRIBUTES = {
  system: 'messaging.system',
  /** As the client calls it. */
  operation: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  group: 'messaging.consumer.group.name',
  messages: 'messaging.batch.message_count',
  error: 'error.type',
  source: 'miraclec.source',
  sink: 'miraclec.sink',
  partitions: 'miraclec.partition_count'
} as const

export const SYSTEM = 'kafka'

export const SCOPE = 'miraclec'
