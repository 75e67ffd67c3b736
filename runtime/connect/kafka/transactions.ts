import { setTimeout as sleep } from 'node:timers/promises'
import type {
  PipelineDefinition,
  SourceOffsets,
  StateChange,
  TransactionConnection
} from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { Logger } from '../../observe/log.ts'
import { TakenOver } from '../../observe/taken-over.ts'
import { TransactionLost } from '../../observe/transaction-lost.ts'
import { statePartition, stateTopic } from '../state-topic.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { createTopic, type NewTopic } from './create-topic.ts'
import { disconnectProducer, flushProducer } from './producer.ts'
import { Ownership } from './ownership.ts'
import { packRecords } from './pack-records.ts'
import { isPermanent } from './refusal.ts'
import { produceRecords, type SentRecords } from './sent-records.ts'
import { KafkaSource } from './source.ts'
import { endOf, requireStateTopics, restoreState, stateEnds } from './state-topics.ts'
import {
  isFenced,
  isNoMember,
  isNothingOpen,
  isOver,
  isRetriable,
  shutTopic
} from './transaction-error.ts'
import { carefulConfig } from './transaction-config.ts'
import { topicFailed, UndeliveredRecords } from './undelivered-records.ts'
import { type Statistics, watchConnection } from './watch-connection.ts'
import { explainDenial, type Needs } from './denial.ts'
import { topicError } from './topic-error.ts'

type Producer = InstanceType<KafkaNative['Producer']>

/** Changes that are handed to the client at once. */
const PACKED = 10_000
/** How long one step of a transaction may take, in ms; then it is asked for again. */
const STEP_TIMEOUT = 30_000
/** Before brokers that are away are asked again, in ms. */
const RENEW_AGAIN = 1000
/** More is committed before its time: it is kept in memory until then. */
const MOST_BYTES = 32 << 20

export interface TransactionParts {
  readonly native: KafkaNative
  readonly definition: PipelineDefinition
  readonly config: ClientConfig
  readonly log: Logger
  /** Whether another process can have the same transactional id. */
  readonly isShared: boolean
}

/** Who wants to know how the producer is. */
export interface ProducerListener {
  connected(up: boolean, reason: string): void
  statistics(statistics: Statistics): void
}

/**
 * The one producer of a pipeline that commits in transactions. What is sent is kept until it is committed: a transaction that was
 * aborted is sent again from memory. After an error behind which nobody knows how it ended the producer is made anew, and
 * the pipeline goes back to its last commit.
 */
export class KafkaTransactions implements TransactionConnection {
  readonly #parts: TransactionParts
  readonly #listeners = new Set<ProducerListener>()
  readonly #undelivered = new UndeliveredRecords()
  /** Null: no other process has the transactional id. */
  readonly #ownership: Ownership | null
  #config: ClientConfig
  #producer: Producer
  /** Since the last commit, in order; the first `#placed` of them are in the open transaction. */
  #sent: SentRecords[] = []
  #placed = 0
  #size = 0
  #isOpen = false
  /** The open transaction may have been committed. */
  #isEnding = false
  /** Why the open transaction can't be committed. */
  #failure: unknown = null
  /** The producer is not to be used again. */
  #isBroken = false
  /** The producer has other settings than it should have. */
  #isStale = false
  /** Records go one by one: which of them is refused shows only so. */
  #isCareful = false
  #reports = 0

  constructor(parts: TransactionParts) {
    this.#parts = parts
    this.#config = parts.config
    const { native, definition, isShared } = parts
    this.#ownership = isShared ? new Ownership(native, definition) : null
    this.#producer = new parts.native.Producer(parts.config)
  }

  async open(): Promise<void> {
    const { native, definition } = this.#parts
    await this.#connect()
    await requireStateTopics(native, this.#producer, this.#config, definition)
    while (!(await this.#claim())) await this.#remake()
  }

  /** From now on a process that had the state before will find out. False: that one has come in between. */
  async #claim(): Promise<boolean> {
    if (this.#ownership === null) return true
    const { definition } = this.#parts
    const { index } = statePartition(definition)
    const end = await endOf(this.#producer, stateTopic(definition, ''), index)
    const { topic, partition, key, value } = this.#ownership.claim(end)
    try {
      await call(done => this.#producer.beginTransaction(done))
      this.#producer.produce(topic, partition, value, key)
      await untilDone(done => this.#producer.commitTransaction(STEP_TIMEOUT, done))
      return true
    } catch (error) {
      if (isFenced(error)) return false
      throw error
    }
  }

  /** Ends what another process with the same id has open, and shuts it out. */
  async #connect(): Promise<void> {
    const producer = this.#producer
    producer.on('delivery-report', (error, report) => {
      if (producer !== this.#producer) return
      this.#reports++
      if (!error) return
      this.#failure ??= error
      this.#undelivered.add(error, report as never)
    })
    producer.on('event.log', ({ message }) => {
      const shut = shutTopic(message)
      if (shut !== null) this.#undelivered.addTopic(shut.topic, shut.error)
    })
    watchConnection(
      producer,
      'transactions',
      this.#parts.log,
      this.#needs(),
      (up, reason) => this.#listeners.forEach(listener => listener.connected(up, reason)),
      statistics => this.#listeners.forEach(listener => listener.statistics(statistics))
    )
    await connectClient(producer, String(this.#config['metadata.broker.list']))
    producer.setPollInBackground(true)
    try {
      await untilDone(done => producer.initTransactions(STEP_TIMEOUT, done))
    } catch (error) {
      const denial = explainDenial(errorText(error), this.#needs())
      throw denial === null ? error : new EnvironmentError(denial.message, denial.hint)
    }
  }

  #needs(): Needs {
    return { operation: 'Write', transactionalId: String(this.#config['transactional.id']) }
  }

  watch(listener: ProducerListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Why a topic has no partitions for this user. */
  errorOf(topic: string): Promise<string | null> {
    return topicError(this.#parts.native, this.#config, topic)
  }

  partitionsOf(topic: string): Promise<number> {
    return topicPartitions(this.#producer, topic)
  }

  createTopic(topic: NewTopic): Promise<void> {
    return createTopic(this.#parts.native, this.#config, topic)
  }

  /** Other settings, from the next transaction on. Rejects, and keeps the old ones, where the client takes none of them. */
  async reconfigure(config: ClientConfig): Promise<void> {
    const before = this.#config
    this.#config = config
    try {
      await this.#renew()
    } catch (error) {
      this.#config = before
      this.#isStale = true
      throw error
    }
  }

  restore(table: string, offset: number, apply: (change: StateChange) => void): Promise<void> {
    const { native, definition } = this.#parts
    return restoreState(native, this.#config, definition, table, offset, apply)
  }

  ends(): Promise<ReadonlyMap<string, number>> {
    return stateEnds(this.#producer, this.#parts.definition)
  }

  isFull(): boolean {
    return this.#size > MOST_BYTES
  }

  /** Takes records over, but those in `leftOut`. That they can't be sent shows at the commit. */
  async send(records: SentRecords, leftOut: readonly number[] = []): Promise<void> {
    this.#sent.push(records)
    for (const record of leftOut) this.#undelivered.leaveOut(records, record)
    this.#size += records.bytes.length
    if (this.#failure !== null) return
    try {
      await this.#placeRest()
    } catch (error) {
      this.#failure ??= error
    }
  }

  async #placeRest(): Promise<void> {
    await this.#begin()
    const hasFailed = (): boolean => this.#failure !== null
    for (; this.#placed < this.#sent.length && !hasFailed(); this.#placed++) {
      const records = this.#sent[this.#placed]!
      const left = this.#undelivered.leftOut(records)
      await produceRecords(this.#producer, records, left, hasFailed)
    }
  }

  async #begin(): Promise<void> {
    if (this.#isOpen) return
    if (this.#isStale || this.#isBroken) await this.#tryRenew()
    await call(done => this.#producer.beginTransaction(done))
    this.#isOpen = true
  }

  async commit(changes: readonly StateChange[], offsets: readonly SourceOffsets[]): Promise<void> {
    try {
      this.#throwFailure()
      await this.#placeRest()
      await this.#produce(changes)
      await both(this.#flush(), this.#sendAllOffsets(offsets))
      this.#throwFailure()
      this.#isEnding = true
      await untilDone(done => this.#producer.commitTransaction(STEP_TIMEOUT, done))
    } catch (error) {
      throw await this.#afterFailure(error)
    }
    this.#isEnding = false
    this.#isOpen = false
    this.#forgetSent()
    if (this.#isCareful) this.#isStale = true
    this.#isCareful = false
  }

  /** The commit waits by itself, but looks every 10 ms only, and not whether waiting makes sense. */
  #flush(): Promise<void> {
    return flushProducer(
      this.#producer,
      () => this.#reports,
      () => this.#checkOpen()
    )
  }

  async #sendAllOffsets(offsets: readonly SourceOffsets[]): Promise<void> {
    for (const part of offsets) await this.#sendOffsets(part)
  }

  #forgetSent(): void {
    this.#sent = []
    this.#placed = 0
    this.#size = 0
    this.#failure = null
    this.#undelivered.clear()
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure as Error
  }

  async #produce(changes: readonly StateChange[]): Promise<void> {
    for (const [table, own] of Map.groupBy(changes, change => change.table)) {
      const topic = stateTopic(this.#parts.definition, table)
      for (let from = 0; from < own.length; from += PACKED) {
        const part = own.slice(from, from + PACKED).map(({ key, row }) => ({ key, value: row }))
        const records: SentRecords = {
          ...packRecords(part),
          topic,
          partition: statePartition(this.#parts.definition).index,
          isTriedAgain: error => !isPermanent(error),
          refused(_record, error) {
            throw topicFailed(topic, error)
          }
        }
        await produceRecords(this.#producer, records, new Set(), () => this.#failure !== null)
        this.#throwFailure()
      }
    }
  }

  async #sendOffsets({ source, partitions, next, marks }: SourceOffsets): Promise<void> {
    if (!(source instanceof KafkaSource)) throw new Error('offsets of another connector')
    const list = source.offsetsOf(partitions, next, marks)
    await untilDone(done =>
      this.#producer.sendOffsetsToTransaction(list, source.consumer, STEP_TIMEOUT, done)
    )
    // A consumer that is no member any more names no generation, and brokers check none then. Should it stop being one from
    // now on, whoever gets the partitions waits for the end of this transaction.
    if (source.isLost()) throw new TransactionLost('the partitions were lost')
  }

  /** Throws where the transaction can only be aborted: its records will never be sent. Beginning another one tells. */
  async #checkOpen(): Promise<void> {
    this.#throwFailure()
    try {
      await call(done => this.#producer.beginTransaction(done))
    } catch (error) {
      if (isOver(error)) throw error
    }
  }

  /** The error to give to the caller. */
  async #afterFailure(error: unknown): Promise<Error> {
    if (error instanceof EnvironmentError) return error
    if (!(await this.#tryAbort(error))) return new TransactionLost(errorText(error))
    if (error instanceof TransactionLost) return error
    if (isNoMember(error)) return new TransactionLost(errorText(error))
    return this.#leaveOutRefused() ?? new Error(errorText(error))
  }

  /** False: another process may have the id by now, or what was sent may be committed. `abort` finds out. */
  async #tryAbort(error: unknown): Promise<boolean> {
    try {
      if (isFenced(error)) throw error
      await this.#abortOpen()
      return true
    } catch (failure) {
      this.#isBroken = true
      if (!isNothingOpen(failure) || this.#isEnding) return false
      // Brokers refuse to abort a transaction that none of its topics could be added to, and the client gives its producer up.
      // Nothing of it is anywhere: a new producer sends it again.
      this.#noneOpen()
      return true
    }
  }

  /** What has been refused for good is left out when the rest is sent again. Answers why nothing can go on. */
  #leaveOutRefused(): EnvironmentError | null {
    this.#failure = null
    try {
      const isCareful = this.#undelivered.take(this.#sent, this.#isCareful)
      if (isCareful && !this.#isCareful) this.#isStale = true
      this.#isCareful ||= isCareful
      return null
    } catch (error) {
      if (error instanceof EnvironmentError) return error
      throw error
    }
  }

  async abort(): Promise<void> {
    this.#forgetSent()
    try {
      if (!this.#isBroken) await this.#abortOpen()
    } catch {
      this.#isBroken = true
    }
    for (;;) {
      try {
        if (this.#isBroken) await this.#renew()
        else await this.#ownership?.require(this.#config)
        return
      } catch (error) {
        if (error instanceof TakenOver) throw error
        this.#parts.log.limited('warn', 'transactions: no new producer yet', {
          reason: errorText(error)
        })
        await sleep(RENEW_AGAIN)
      }
    }
  }

  async #abortOpen(): Promise<void> {
    if (!this.#isOpen) return
    await untilDone(done => this.#producer.abortTransaction(STEP_TIMEOUT, done))
    this.#noneOpen()
  }

  /** That no broker answers is no reason to stop now. */
  async #tryRenew(): Promise<void> {
    try {
      await this.#renew()
    } catch (error) {
      throw error instanceof TakenOver ? error : new Error(errorText(error))
    }
  }

  /** Ends what the old producer has open. Nobody is shut out who has taken over before, nor is anything done who has since. */
  async #renew(): Promise<void> {
    await this.#ownership?.require(this.#config)
    await this.#remake()
    await this.#ownership?.require(this.#config)
    this.#isBroken = false
    this.#isStale = false
  }

  async #remake(): Promise<void> {
    const { Producer } = this.#parts.native
    await disconnectProducer(this.#producer)
    this.#producer = new Producer(this.#isCareful ? carefulConfig(this.#config) : this.#config)
    await this.#connect()
    this.#noneOpen()
  }

  #noneOpen(): void {
    this.#isOpen = false
    this.#isEnding = false
    this.#placed = 0
  }

  /** Readers need not wait until what is open times out. */
  async close(): Promise<void> {
    if (this.#isOpen && !this.#isBroken) {
      await call(done => this.#producer.abortTransaction(STEP_TIMEOUT, done)).catch(() => {})
    }
    await disconnectProducer(this.#producer)
  }
}

/** At the same time; where one fails, not before the other has ended. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled([one, other])) {
    if (result.status === 'rejected') throw result.reason
  }
}

function call(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start(error => {
      if (error) reject(error as Error)
      else resolve()
    })
  })
}

/** As `call`, however often it has to be called again: it goes on where it was. */
async function untilDone(start: (done: (error: unknown) => void) => void): Promise<void> {
  for (;;) {
    try {
      return await call(start)
    } catch (error) {
      if (!isRetriable(error)) throw error
    }
  }
}
