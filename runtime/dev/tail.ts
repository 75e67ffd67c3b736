import { once } from 'node:events'
import { loadKafkaNative } from '../native/index.ts'

export interface TailedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly headers: readonly (readonly [string, string])[]
}

export interface Tail {
  close(): Promise<void>
}

/** How long one read waits for records, in ms: also the longest that `close` takes. */
const POLL = 100

/** Reads topics from their beginning, outside of any group, and calls `show` for each record as it comes. */
export async function openTail(
  brokers: string,
  topics: readonly { readonly name: string; readonly partitions: number }[],
  show: (record: TailedRecord) => void
): Promise<Tail> {
  const { KafkaConsumer } = await loadKafkaNative()
  const consumer = new KafkaConsumer(
    {
      'metadata.broker.list': brokers,
      'group.id': 'miraclec-tail',
      'enable.auto.commit': false,
      'fetch.wait.max.ms': 20
    },
    { 'auto.offset.reset': 'earliest' }
  )
  consumer.connect()
  await once(consumer, 'ready')
  consumer.setDefaultConsumeTimeout(POLL)
  consumer.assign(
    topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, offset: 0 }))
    )
  )
  let open = true
  const reading = (async () => {
    while (open) {
      const messages = await new Promise<readonly KafkaMessage[]>(resolve =>
        consumer.consume(1000, (_error, list) => resolve(list ?? []))
      )
      for (const message of messages) show(tailed(message))
    }
  })()
  return {
    async close() {
      open = false
      await reading
      await new Promise(resolve => consumer.disconnect(resolve))
    }
  }
}

type KafkaMessage = import('@confluentinc/kafka-javascript').Message

function tailed({
  topic,
  partition,
  offset,
  key,
  value,
  timestamp,
  headers
}: KafkaMessage): TailedRecord {
  return {
    topic,
    partition,
    offset,
    key: key == null ? null : key.toString(),
    value: value === null ? null : value.toString(),
    timestamp: timestamp ?? 0,
    headers: (headers ?? []).flatMap(header =>
      Object.entries(header).map(([name, text]) => [name, String(text)] as const)
    )
  }
}
