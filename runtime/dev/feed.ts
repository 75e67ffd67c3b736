import { once } from 'node:events'
import { loadKafkaNative } from '../native/index.ts'

/** Writes records to topics as fast as the broker takes them. */
export interface Feed {
  /** Waits while the client's queue is full. `timestamp` in ms since the epoch. */
  send(
    topic: string,
    value: Uint8Array | null,
    key: string | null,
    timestamp: number
  ): Promise<void>
  /** Resolves when everything sent is acknowledged. */
  flush(): Promise<void>
  close(): Promise<void>
}

export async function openFeed(brokers: string): Promise<Feed> {
  const { Producer, CODES } = await loadKafkaNative()
  const producer = new Producer({ 'metadata.broker.list': brokers, 'linger.ms': 5 })
  producer.connect()
  await once(producer, 'ready')
  producer.setPollInterval(50)
  const flush = (): Promise<void> =>
    new Promise((resolve, reject) =>
      producer.flush(10_000, error => (error ? reject(error) : resolve()))
    )
  return {
    async send(topic, value, key, timestamp) {
      for (;;) {
        try {
          producer.produce(topic, null, value === null ? null : Buffer.from(value), key, timestamp)
          return
        } catch (error) {
          if ((error as { code?: number }).code !== CODES.ERRORS.ERR__QUEUE_FULL) throw error
          await flush()
        }
      }
    },
    flush,
    async close() {
      await flush()
      await new Promise(resolve => producer.disconnect(resolve))
    }
  }
}
