import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFeed } from '../../../runtime/dev/feed.ts'
import { loadKafkaNative } from '../../../runtime/native/index.ts'
import { PARTITIONS } from '../../harness/loaded-kafka.ts'

/** Milliseconds from before a record is handed to its writer to when the reader has it. */
export interface Latencies {
  readonly median: number
  readonly p99: number
  readonly most: number
}

/** What comes first is for the just-in-time compiler. */
const WARM_UP = 5000
const DURATION = 20_000
/** Records are written in groups, one each so many ms. */
const STEP = 5
const NOTE = 'x'.repeat(80)

/** Writes about 130 bytes `rate` times a second, and reads what comes of it, as far as it is committed. */
export async function measureLatency(
  brokers: string,
  input: string,
  output: string,
  rate: number
): Promise<Latencies> {
  const latencies: number[] = []
  const reader = await openReader(brokers, output)
  const feed = await openFeed(brokers)
  const began = performance.now()
  const started = microseconds()
  let isOver = false
  let seen = 0
  const reading = (async () => {
    while (!isOver) {
      const values = await reader.read()
      const now = microseconds()
      for (const value of values) {
        const { at } = JSON.parse(value) as { readonly at: number }
        if (at - started > WARM_UP * 1000) latencies.push((now - at) / 1000)
      }
      seen += values.length
    }
  })()
  let sent = 0
  while (performance.now() - began < WARM_UP + DURATION) {
    const due = Math.floor(((performance.now() - began) / 1000) * rate)
    for (; sent < due; sent++) {
      const value = Buffer.from(JSON.stringify({ id: sent, at: microseconds(), note: NOTE }))
      await feed.send(input, value, { timestamp: Date.now(), partition: sent % PARTITIONS })
    }
    await sleep(STEP)
  }
  const deadline = performance.now() + 10_000
  while (seen < sent && performance.now() < deadline) await sleep(20)
  isOver = true
  await reading
  await reader.close()
  await feed.close()
  if (seen !== sent) throw new Error(`${seen} of ${sent} records came`)
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)]!
  return { median: at(0.5), p99: at(0.99), most: latencies.at(-1)! }
}

/** Whole microseconds of this process's clock. */
function microseconds(): number {
  return Math.round(performance.now() * 1000)
}

async function openReader(brokers: string, topic: string) {
  const { KafkaConsumer } = await loadKafkaNative()
  const consumer = new KafkaConsumer(
    {
      'metadata.broker.list': brokers,
      'group.id': 'latency',
      'enable.auto.commit': false,
      'isolation.level': 'read_committed',
      'fetch.wait.max.ms': 100
    },
    { 'auto.offset.reset': 'earliest' }
  ) as InstanceType<typeof KafkaConsumer> & {
    /** The package has it, its type declarations lack it. */
    setDefaultIsTimeoutOnlyForFirstMessage(only: boolean): void
  }
  consumer.connect()
  await once(consumer, 'ready')
  consumer.setDefaultConsumeTimeout(20)
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  const places = Array.from({ length: PARTITIONS }, (_, partition) => ({
    topic,
    partition,
    offset: 0
  }))
  consumer.assign(places)
  return {
    read: () =>
      new Promise<readonly string[]>((resolve, reject) =>
        consumer.consume(5000, (error, messages) => {
          if (error as unknown) reject(new Error(error.message))
          else resolve(messages.map(({ value }) => String(value)))
        })
      ),
    close: () => new Promise(resolve => consumer.disconnect(resolve))
  }
}
