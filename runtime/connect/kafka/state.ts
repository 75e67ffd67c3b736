import type {
  PipelineDefinition,
  SourceOffsets,
  StateChange,
  StateConnection
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { Logger } from '../../observe/log.ts'
import { stateNames, stateTopic, stateTopics } from '../state-topic.ts'
import { clientConfig, type ClientConfig, errorCode } from './client-config.ts'
import { produceColumns } from './columns.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { createTopic } from './create-topic.ts'
import { packChanges } from './pack-changes.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { readTopic } from './read-topic.ts'
import { KafkaSource } from './source.ts'
import { watchConnection } from './watch-connection.ts'

type Producer = InstanceType<KafkaNative['Producer']>

/** Changes that are handed to the client at once. */
const PACKED = 10_000
/** How long one step of a transaction may take, in ms. */
const STEP_TIMEOUT = 30_000

/**
 * Tables in compacted topics, one partition each. Every commit is a Kafka transaction over changes and offsets, whatever the
 * delivery of the outputs, so that a crash leaves both or neither. Its id is the pipeline's: a second process fences the first.
 */
export async function openKafkaState(
  definition: PipelineDefinition,
  brokers: string,
  security: Readonly<Record<string, string>>,
  log: Logger
): Promise<StateConnection> {
  const native = await loadKafkaNative()
  const config = clientConfig(brokers, security, {
    'transactional.id': `miraclec-${definition.name}`,
    'transaction.timeout.ms': 60_000,
    'compression.codec': 'snappy',
    'linger.ms': 5,
    'queue.buffering.max.messages': 500_000,
    'queue.buffering.max.kbytes': 131_072,
    'statistics.interval.ms': 1000
  })
  const connection = new KafkaState(native, config, definition, log)
  try {
    await connection.open()
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}

class KafkaState implements StateConnection {
  readonly #native: KafkaNative
  readonly #config: ClientConfig
  readonly #definition: PipelineDefinition
  readonly #log: Logger
  #producer: Producer
  /** The last transaction's end is not known: its producer is not to be used again. */
  #broken = false

  constructor(
    native: KafkaNative,
    config: ClientConfig,
    definition: PipelineDefinition,
    log: Logger
  ) {
    this.#native = native
    this.#config = config
    this.#definition = definition
    this.#log = log
    this.#producer = new native.Producer(config)
  }

  async open(): Promise<void> {
    await this.#connect()
    for (const topic of stateTopics(this.#definition)) await this.#requireTopic(topic)
  }

  /** Ends what another process with the same id has open, and shuts it out. */
  async #connect(): Promise<void> {
    const brokers = String(this.#config['metadata.broker.list'])
    watchConnection(this.#producer, 'state', this.#log, () => {})
    await connectClient(this.#producer, brokers)
    this.#producer.setPollInBackground(true)
    await call(done => this.#producer.initTransactions(STEP_TIMEOUT, done))
  }

  async #requireTopic(topic: string): Promise<void> {
    if ((await topicPartitions(this.#producer, topic)) > 0) return
    await createTopic(this.#native, this.#config, {
      topic,
      what: 'state topic',
      partitions: 1,
      config: { 'cleanup.policy': 'compact' }
    })
    while ((await topicPartitions(this.#producer, topic)) === 0) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async restore(
    table: string,
    offset: number,
    apply: (change: StateChange) => void
  ): Promise<void> {
    const { 'transactional.id': _, ...config } = this.#config
    const topic = stateTopic(this.#definition.name, table)
    await readTopic(this.#native, config, topic, offset, (key, row) => apply({ table, key, row }))
  }

  async ends(): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>()
    for (const name of stateNames(this.#definition).slice(1)) {
      const topic = stateTopic(this.#definition.name, name)
      ends.set(name, await endOf(this.#producer, topic))
    }
    return ends
  }

  async commit(changes: readonly StateChange[], offsets: readonly SourceOffsets[]): Promise<void> {
    try {
      if (this.#broken) await this.#renew()
      await call(done => this.#producer.beginTransaction(done))
      await this.#produce(changes)
      for (const part of offsets) await this.#sendOffsets(part)
      // The commit waits by itself, but looks every 10 ms only.
      await flushProducer(this.#producer, () => 0)
      await call(done => this.#producer.commitTransaction(STEP_TIMEOUT, done))
    } catch (error) {
      throw await this.#afterFailure(error as TransactionError)
    }
  }

  async #produce(changes: readonly StateChange[]): Promise<void> {
    for (const [table, own] of Map.groupBy(changes, change => change.table)) {
      for (let from = 0; from < own.length; from += PACKED) {
        await this.#send(table, own.slice(from, from + PACKED))
      }
    }
  }

  async #send(table: string, changes: readonly StateChange[]): Promise<void> {
    const topic = stateTopic(this.#definition.name, table)
    const records = packChanges(changes)
    for (let next = 0; ;) {
      next = produceColumns(this.#producer, topic, 0, records, next)
      if (next === records.count) return
      // It is sent by itself, to hear why it was not taken.
      while (!this.#tryProduce(topic, changes[next]!)) {
        await new Promise(resolve => setTimeout(resolve, 2))
      }
      next++
    }
  }

  /** False: the queue is full. */
  #tryProduce(topic: string, { key, row }: StateChange): boolean {
    try {
      this.#producer.produce(topic, 0, row === null ? null : Buffer.from(row), Buffer.from(key))
      return true
    } catch (error) {
      if (errorCode(error) === QUEUE_FULL) return false
      throw error
    }
  }

  async #sendOffsets({ source, partitions, next }: SourceOffsets): Promise<void> {
    if (!(source instanceof KafkaSource)) throw new Error('offsets of another connector')
    const offsets = source.offsetsOf(partitions, next)
    await call(done =>
      this.#producer.sendOffsetsToTransaction(offsets, source.consumer, STEP_TIMEOUT, done)
    )
  }

  /** The error to give to the caller: one to stop at where another process has taken over. */
  async #afterFailure(error: TransactionError): Promise<Error> {
    if (isFenced(error)) {
      return new EnvironmentError(
        `another process of "${this.#definition.name}" has taken over`,
        'Its tables are in one process at a time. This one stops; nothing is lost.'
      )
    }
    try {
      await call(done => this.#producer.abortTransaction(STEP_TIMEOUT, done))
    } catch {
      this.#broken = true
    }
    return new Error(error.message)
  }

  async #renew(): Promise<void> {
    await disconnectProducer(this.#producer)
    this.#producer = new this.#native.Producer(this.#config)
    await this.#connect()
    this.#broken = false
  }

  async close(): Promise<void> {
    await disconnectProducer(this.#producer)
  }
}

/** The next offset of partition 0. */
function endOf(producer: Producer, topic: string): Promise<number> {
  return new Promise((resolve, reject) => {
    producer.queryWatermarkOffsets(topic, 0, STEP_TIMEOUT, (error, ends) => {
      if (error) reject(error)
      else resolve(ends.highOffset)
    })
  })
}

interface TransactionError {
  readonly code?: number
  readonly message: string
}

/** Producer fenced, as librdkafka and as the broker call it; an epoch that is too old. */
const FENCED = [-144, 90, 47]

function isFenced(error: TransactionError): boolean {
  return FENCED.includes(error.code ?? 0)
}

function call(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start(error => {
      if (error) reject(error as Error)
      else resolve()
    })
  })
}
