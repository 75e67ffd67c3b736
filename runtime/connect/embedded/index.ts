import { loadKafkaNative } from '../../native/index.ts'
import { topicPartitions } from '../kafka/connect-client.ts'

export interface EmbeddedBroker {
  /** The bootstrap address. */
  readonly brokers: string
  /** What a pipeline is started with to use it. */
  readonly options: readonly string[]
  close(): Promise<void>
}

/** How many partitions the mock cluster gives every topic. */
export const EMBEDDED_PARTITIONS = 4

/**
 * A broker inside this process: librdkafka's mock cluster, which speaks Kafka's protocol over real sockets. It keeps the last
 * 5 MB of each partition, in memory.
 */
export async function startEmbeddedBroker(topics: readonly string[]): Promise<EmbeddedBroker> {
  const { Producer } = await loadKafkaNative()
  const producer = new Producer({ 'test.mock.num.brokers': 1, log_level: 3 } as object)
  const metadata = await new Promise<{ readonly orig_broker_name: string }>((resolve, reject) => {
    producer.connect({ timeout: 5000 }, (error, data) => {
      if (error) reject(error)
      else resolve(data as unknown as { readonly orig_broker_name: string })
    })
  })
  // Asking for a topic creates it.
  for (const topic of topics) await topicPartitions(producer, topic)
  const brokers = addressOf(metadata.orig_broker_name)
  return {
    brokers,
    // A group of the older protocol would wait 3 s for other members.
    options: ['--brokers', brokers, '--group-protocol', 'consumer'],
    close: async () => {
      await new Promise(resolve => producer.disconnect(1000, resolve))
    }
  }
}

/** `127.0.0.1:12345/1` or `sasl://127.0.0.1:12345/1` without what is around the address. */
function addressOf(name: string): string {
  return name.replace(/^[a-z_]+:\/\//, '').replace(/\/.*$/, '')
}
