import { once } from 'node:events'
import { loadKafkaNative } from '../native/index.ts'

/** Writes records to topics as fast as the broker takes them. */
export interface Feed {
  /** Waits while the client's queue is full. */
  send(topic: string, value: Uint8Array, place: FeedPlace): Promise<void>
  /** Resolves when everything sent is acknowledged. */
  close(): Promise<void>
}

export interface FeedPlace {
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** Null: the client spreads records over all partitions. */
  readonly partition: number | null
}

const FLUSH_TIMEOUT = 10_000
/** How long a record waits for others to share its request, in ms. */
const LINGER = 5

export async function openFeed(brokers: string): Promise<Feed> {
  const { Producer, CODES } = await loadKafkaNative()
  const producer = new Producer({ 'metadata.broker.list': brokers, 'linger.ms': LINGER })
  producer.connect()
  await once(producer, 'ready')
  const flush = (): Promise<void> =>
    new Promise((resolve, reject) =>
      producer.flush(FLUSH_TIMEOUT, error => (error ? reject(error) : resolve()))
    )
  return {
    async send(topic, value, { timestamp, partition }) {
      for (;;) {
        try {
          producer.produce(topic, partition, Buffer.from(value), null, timestamp)
          return
        } catch (error) {
          if ((error as { code?: number }).code !== CODES.ERRORS.ERR__QUEUE_FULL) throw error
          await flush()
        }
      }
    },
    async close() {
      await flush()
      await new Promise(resolve => producer.disconnect(resolve))
    }
  }
}
