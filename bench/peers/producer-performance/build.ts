import { fetchJars } from '../tools.ts'

/** What java needs to run Kafka's own load generator, with the heap of its script, before its arguments. */
export function buildProducerPerformance(): readonly string[] {
  const jars = fetchJars(import.meta.dirname, 'producer-performance')
  return ['-Xmx512m', '-cp', `${jars}/*`, 'org.apache.kafka.tools.ProducerPerformance']
}
