import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { EMBEDDED_PARTITIONS } from '../connect/embedded/index.ts'
import { type KafkaNative, loadKafkaNative } from '../native/index.ts'

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
  /** Resolves when all that the topics hold now has been shown. */
  caughtUp(): Promise<void>
  close(): Promise<void>
}

type Consumer = InstanceType<KafkaNative['KafkaConsumer']> & {
  // The package's type declarations lack it.
  setDefaultIsTimeoutOnlyForFirstMessage(only: boolean): void
}
type KafkaMessage = import('@confluentinc/kafka-javascript').Message

/** How long one read waits for records, in ms: also the longest that `close` takes. */
const POLL = 100
const WATERMARK_TIMEOUT = 5000
const ASK_AGAIN = 10

/** Reads the embedded broker's topics from their beginning, outside of any group, and calls `show` for each record as it comes. */
export async function openTail(
  brokers: string,
  topics: readonly string[],
  show: (record: TailedRecord) => void
): Promise<Tail> {
  const consumer = await connectConsumer(brokers)
  const places = topics.flatMap(topic =>
    Array.from({ length: EMBEDDED_PARTITIONS }, (_, partition) => ({ topic, partition, offset: 0 }))
  )
  if (places.length > 0) consumer.assign(places)
  const next = new Map<string, number>()
  let open = true
  const reading = (async () => {
    while (open) {
      for (const message of await consume(consumer)) {
        next.set(`${message.topic} ${message.partition}`, message.offset + 1)
        show(tailed(message))
      }
    }
  })()
  return {
    async caughtUp() {
      for (const { topic, partition } of places) {
        const end = await endOf(consumer, topic, partition)
        while (open && (next.get(`${topic} ${partition}`) ?? 0) < end) await sleep(ASK_AGAIN)
      }
    },
    async close() {
      open = false
      await reading
      await new Promise(resolve => consumer.disconnect(resolve))
    }
  }
}

async function connectConsumer(brokers: string): Promise<Consumer> {
  const { KafkaConsumer } = await loadKafkaNative()
  const consumer = new KafkaConsumer(
    {
      'metadata.broker.list': brokers,
      'group.id': 'miraclec-tail',
      'enable.auto.commit': false,
      'fetch.wait.max.ms': 20
    },
    { 'auto.offset.reset': 'earliest' }
  ) as Consumer
  consumer.connect()
  await once(consumer, 'ready')
  consumer.setDefaultConsumeTimeout(POLL)
  // A record is shown when it comes, not when a whole read is full.
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  return consumer
}

function consume(consumer: Consumer): Promise<readonly KafkaMessage[]> {
  return new Promise(resolve => consumer.consume(1000, (_error, list) => resolve(list ?? [])))
}

function endOf(consumer: Consumer, topic: string, partition: number): Promise<number> {
  return new Promise((resolve, reject) =>
    consumer.queryWatermarkOffsets(topic, partition, WATERMARK_TIMEOUT, (error, ends) =>
      error ? reject(error) : resolve(ends.highOffset)
    )
  )
}

function tailed({ topic, partition, offset, key, value, ...rest }: KafkaMessage): TailedRecord {
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? null,
    value: value?.toString() ?? null,
    timestamp: rest.timestamp ?? 0,
    headers: (rest.headers ?? []).flatMap(header =>
      Object.entries(header).map(([name, text]) => [name, String(text)] as const)
    )
  }
}
