export type KafkaNative =
  (typeof import('@confluentinc/kafka-javascript/lib/rdkafka.js'))['default']

/** librdkafka's callback-style classes. Loaded on first use: 20 ms, and memory only where Kafka is used. */
export async function loadKafkaNative(): Promise<KafkaNative> {
  const module = await import('@confluentinc/kafka-javascript/lib/rdkafka.js')
  return module.default
}
