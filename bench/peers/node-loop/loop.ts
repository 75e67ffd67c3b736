// A job by hand, as a good Node engineer would write it on this client: batches by consume(n), one produce per record, at least once:
// flush, then commit, each second. Settings are those of the pipelines: acks of all replicas, idempotent, only failures reported, the
// same fetch and queue sizes.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import kafka, { type Message } from '@confluentinc/kafka-javascript'

/** What every program's first words are. */
const [brokers = '', input = '', output = '', group = ''] = process.argv.slice(2)
const RECORDS_PER_BATCH = 10_000
const COMMIT_INTERVAL = 1000
const QUEUE_FULL = -184

const consumer = new kafka.KafkaConsumer(
  {
    'metadata.broker.list': brokers,
    'group.id': group,
    'enable.auto.commit': false,
    'fetch.queue.backoff.ms': 10,
    'fetch.wait.max.ms': 100,
    'queued.max.messages.kbytes': 65_536
  },
  { 'auto.offset.reset': 'earliest' }
) as InstanceType<typeof kafka.KafkaConsumer> & {
  /** The package has it, its type declarations lack it. */
  setDefaultIsTimeoutOnlyForFirstMessage(only: boolean): void
}
const producer = new kafka.Producer({
  'metadata.broker.list': brokers,
  'enable.idempotence': true,
  'linger.ms': 10,
  'batch.num.messages': 10_000,
  'queue.buffering.max.messages': 1_000_000,
  'delivery.report.only.error': true,
  dr_cb: true
})
producer.on('delivery-report', error => {
  if (error as unknown) throw new Error(error.message)
})

function consume(): Promise<readonly Message[]> {
  return new Promise((resolve, reject) =>
    consumer.consume(RECORDS_PER_BATCH, (error, messages) => {
      if (error as unknown) reject(new Error(error.message))
      else resolve(messages)
    })
  )
}

function flush(): Promise<void> {
  return new Promise((resolve, reject) =>
    producer.flush(30_000, error => {
      if (error as unknown) reject(new Error(error.message))
      else resolve()
    })
  )
}

/** False: the queue is full. */
function produce(value: string): boolean {
  try {
    producer.produce(output, null, Buffer.from(value))
    return true
  } catch (error) {
    if ((error as { readonly code?: number }).code !== QUEUE_FULL) throw error
    return false
  }
}

/** Runs until it is told to end; `work` makes the outputs of a batch of records. */
export async function runLoop(
  work: (values: readonly string[]) => readonly string[] | Promise<readonly string[]>
): Promise<void> {
  consumer.connect()
  producer.connect()
  await Promise.all([once(consumer, 'ready'), once(producer, 'ready')])
  producer.setPollInBackground(true)
  consumer.setDefaultConsumeTimeout(100)
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  consumer.subscribe([input])

  let stopping = false
  process.on('SIGTERM', () => {
    stopping = true
  })
  let committed = performance.now()
  let dirty = false
  while (!stopping) {
    const messages = await consume()
    const values = messages.flatMap(({ value }) => (value === null ? [] : [value.toString()]))
    for (const result of await work(values)) while (!produce(result)) await sleep(2)
    dirty ||= messages.length > 0
    if (dirty && performance.now() - committed > COMMIT_INTERVAL) {
      await flush()
      consumer.commit()
      dirty = false
      committed = performance.now()
    }
  }
  await flush()
  if (dirty) consumer.commit()
  consumer.disconnect()
  producer.disconnect()
}
