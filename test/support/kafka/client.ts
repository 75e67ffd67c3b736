import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadKafkaNative, type KafkaNative } from '../../../runtime/native/index.ts'

/** What a test writes to a topic. */
export interface TestRecord {
  readonly key?: string | Uint8Array | null
  readonly value: string | Uint8Array | null
  readonly partition?: number
  /** Milliseconds since the epoch; absent: now. */
  readonly timestamp?: number
  readonly headers?: readonly (readonly [name: string, value: string | Uint8Array])[]
}

export interface ReadRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** A plain Kafka client for tests: it shares nothing with the runtime but the addon. */
export interface TestClient {
  createTopic(
    topic: string,
    partitions: number,
    config?: Readonly<Record<string, string>>
  ): Promise<void>
  deleteTopic(topic: string): Promise<void>
  addPartitions(topic: string, total: number): Promise<void>
  /** Deletes the records of a partition before an offset, as retention does. */
  deleteBefore(topic: string, partition: number, offset: number): Promise<void>
  write(topic: string, records: readonly TestRecord[]): Promise<void>
  /** In a transaction that is open until the answer is called: readers wait for what is behind its first record. */
  writeUncommitted(
    topic: string,
    records: readonly TestRecord[]
  ): Promise<(how?: 'commit' | 'abort') => Promise<void>>
  /** How many replicas of each partition have all its records, at least. */
  inSync(topic: string): Promise<number>
  /** Everything that the topic holds now and that is committed, by partition and offset. */
  read(topic: string): Promise<ReadRecord[]>
  /** Sum of the group's committed offsets over the partitions. */
  committed(group: string, topic: string): Promise<number>
  close(): Promise<void>
}

const BROKERS_DEFAULT = -1
/** How long readers may have to wait for what was committed, in ms. */
const DECIDED_WAIT = 5000

export async function openTestClient(brokers: string): Promise<TestClient> {
  const native = await loadKafkaNative()
  const producer = new native.Producer({
    'metadata.broker.list': brokers,
    'linger.ms': 2,
    'enable.idempotence': true,
    'queue.buffering.max.messages': 1_000_000
  })
  producer.connect()
  await once(producer, 'ready')
  producer.setPollInterval(20)
  const admin = native.AdminClient.create({ 'metadata.broker.list': brokers })
  return {
    createTopic: (topic, partitions, config = {}) =>
      call(done => {
        const wanted = {
          topic,
          num_partitions: partitions,
          replication_factor: BROKERS_DEFAULT,
          config
        }
        admin.createTopic(wanted, 20_000, done)
      }),
    deleteTopic: topic => call(done => admin.deleteTopic(topic, 20_000, done)),
    addPartitions: (topic, total) =>
      call(done => admin.createPartitions(topic, total, 20_000, done)),
    deleteBefore: (topic, partition, offset) =>
      call(done =>
        admin.deleteRecords([{ topic, partition, offset }], { timeout: 20_000 }, done as never)
      ),
    async write(topic, records) {
      produceAll(producer, topic, records)
      await call(done => producer.flush(60_000, done))
    },
    async writeUncommitted(topic, records) {
      const other = new native.Producer({
        'metadata.broker.list': brokers,
        'transactional.id': `test-${topic}`
      })
      other.connect()
      await once(other, 'ready')
      other.setPollInterval(20)
      await call(done => other.initTransactions(30_000, done))
      await call(done => other.beginTransaction(done))
      produceAll(other, topic, records)
      await call(done => other.flush(60_000, done))
      return async (how = 'commit') => {
        await call(done =>
          how === 'commit'
            ? other.commitTransaction(30_000, done)
            : other.abortTransaction(30_000, done)
        )
        await new Promise(resolve => other.disconnect(2000, resolve))
      }
    },
    inSync: topic => leastInSync(producer, topic),
    read: topic => readTopic(native, admin, brokers, topic),
    committed: (group, topic) => sumCommitted(native, brokers, group, topic),
    async close() {
      admin.disconnect()
      await new Promise(resolve => producer.disconnect(2000, resolve))
    }
  }
}

function produceAll(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string,
  records: readonly TestRecord[]
): void {
  for (const { partition = null, value, key = null, timestamp, headers = [] } of records) {
    const list = headers.map(([name, bytes]) => ({ [name]: Buffer.from(bytes) }))
    const bytes = value === null ? null : Buffer.from(value)
    const keyBytes = key === null ? null : Buffer.from(key)
    producer.produce(topic, partition, bytes, keyBytes, timestamp ?? null, undefined, list)
  }
}

type Done = (error: { readonly message: string } | null) => void

function call(start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    start(error => {
      if (error) reject(new Error(error.message))
      else resolve()
    })
  )
}

function leastInSync(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string
): Promise<number> {
  return new Promise((resolve, reject) =>
    producer.getMetadata({ topic, timeout: 10_000 }, (error, metadata) => {
      if (error) return reject(new Error(error.message))
      const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? []
      resolve(Math.min(...partitions.map(({ isrs }) => isrs.length)))
    })
  )
}

type Admin = ReturnType<KafkaNative['AdminClient']['create']>

/** Where partitions end for readers of what is committed; null: brokers can't say yet, or a transaction is open. */
async function decidedEnds(
  { IsolationLevel, OffsetSpec }: KafkaNative,
  admin: Admin,
  partitions: readonly { readonly topic: string; readonly partition: number }[]
): Promise<ReadonlyMap<number, number> | null> {
  if (partitions.length === 0) return new Map()
  const wanted = partitions.map(one => ({ ...one, offset: OffsetSpec.LATEST }))
  const ends = (isolationLevel: number): Promise<ReadonlyMap<number, number>> =>
    new Promise((resolve, reject) =>
      admin.listOffsets(wanted, { timeout: 10_000, isolationLevel }, (error, list) =>
        error
          ? reject(error)
          : resolve(new Map(list.map(({ partition, offset }) => [partition, offset])))
      )
    )
  const [committed, all] = [
    await ends(IsolationLevel.READ_COMMITTED),
    await ends(IsolationLevel.READ_UNCOMMITTED)
  ]
  const isDecided = ([partition, end]: readonly [number, number]): boolean =>
    end >= 0 && all.get(partition) === end
  return [...committed].every(isDecided) ? committed : null
}

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

async function openConsumer(native: KafkaNative, brokers: string, group: string) {
  const config = {
    'metadata.broker.list': brokers,
    'group.id': group,
    'enable.auto.commit': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed'
  } as const
  const consumer = new native.KafkaConsumer(config, { 'auto.offset.reset': 'earliest' })
  consumer.connect()
  await once(consumer, 'ready')
  return consumer
}

/** What transactions have committed, and what is in none. Ends of partitions are told: behind transactions stand no records. */
async function readTopic(native: KafkaNative, admin: Admin, brokers: string, topic: string) {
  const consumer = await openConsumer(native, brokers, 'test-reader')
  consumer.setDefaultConsumeTimeout(200)
  const records: ReadRecord[] = []
  try {
    const length = await countPartitions(consumer, topic)
    const partitions = Array.from({ length }, (_, partition) => ({ topic, partition }))
    // Brokers answer whoever commits before readers see what was committed; what nobody ends is not waited for.
    const deadline = performance.now() + DECIDED_WAIT
    let ends: ReadonlyMap<number, number> | null = null
    while ((ends ??= await decidedEnds(native, admin, partitions)) === null) {
      if (performance.now() > deadline) break
      await sleep(20)
    }
    const open = new Set(partitions.map(({ partition }) => partition))
    // A broker that has just become the leader may not know yet how far its partition is committed, and tell an end before it.
    consumer.on('partition.eof', ({ partition, offset }: PartitionEnd) => {
      if (offset >= (ends?.get(partition) ?? 0)) open.delete(partition)
    })
    consumer.assign(partitions.map(one => ({ ...one, offset: 0 })))
    while (open.size > 0) {
      const messages = await new Promise<readonly Message[]>((resolve, reject) =>
        consumer.consume(10_000, (error, list) => (error ? reject(error) : resolve(list)))
      )
      for (const message of messages) records.push(readRecord(message))
    }
  } finally {
    // One that is left keeps the test's process alive.
    await new Promise(resolve => consumer.disconnect(resolve))
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

interface PartitionEnd {
  readonly partition: number
  readonly offset: number
}

type Message = import('@confluentinc/kafka-javascript').Message

function readRecord({ partition, offset, key, value, headers = [] }: Message): ReadRecord {
  const pairs = headers.flatMap(header => Object.entries(header as object))
  return {
    partition,
    offset,
    key: key?.toString() ?? null,
    value: value === null ? null : value.toString(),
    headers: Object.fromEntries(pairs.map(([name, text]) => [name, String(text)]))
  }
}

function countPartitions(consumer: Consumer, topic: string): Promise<number> {
  return new Promise((resolve, reject) =>
    consumer.getMetadata(
      { topic, timeout: 10_000 },
      (error, { topics } = { topics: [] } as never) =>
        error
          ? reject(error)
          : resolve(topics.find(({ name }) => name === topic)?.partitions.length ?? 0)
    )
  )
}

/** Loading, not available, another: a broker says so until the topic of offsets is there. */
const NO_COORDINATOR = [14, 15, 16]

async function sumCommitted(native: KafkaNative, brokers: string, group: string, topic: string) {
  const consumer = await openConsumer(native, brokers, group)
  try {
    const length = await countPartitions(consumer, topic)
    const partitions = Array.from({ length }, (_, partition) => ({ topic, partition }))
    const offsets = await new Promise<readonly { readonly offset?: number }[]>((resolve, reject) =>
      consumer.committed(partitions as never, 10_000, (error, list) => {
        if (!error) resolve(list as never)
        // Nobody has committed yet: the topic of offsets is only being made.
        else if (NO_COORDINATOR.includes(error.code)) resolve([])
        else reject(error)
      })
    )
    return offsets.reduce((sum, { offset }) => sum + Math.max(0, offset ?? 0), 0)
  } finally {
    await new Promise(resolve => consumer.disconnect(resolve))
  }
}
