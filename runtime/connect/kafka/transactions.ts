import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { SourceOffsets, StateChange, TransactionConnection } from '../../contract/index.ts'
import { during } from '../../observe/doing.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { TakenOver } from '../../observe/taken-over.ts'
import { TransactionLost } from '../../observe/transaction-lost.ts'
import { statePartition, stateTopic } from '../state-topic.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { createTopic, type NewTopic } from './create-topic.ts'
import { HeldClient, type TransactionWatcher } from './held-client.ts'
import { openTransactionClient } from './open-transaction-client.ts'
import { ownRecords } from './own-records.ts'
import type { PlainRecord } from './pack-records.ts'
import type { SentRecords } from './sent-records.ts'
import { KafkaSource } from './source.ts'
import { requireStateTopics, restoreState, stateEnds } from './state-topics.ts'
import { topicError } from './topic-error.ts'
import type { TransactionClient, TransactionParts } from './transaction-client.ts'
import { isAbortable, isFenced, isNoMember, isNothingOpen } from './transaction-error.ts'
import { type Report, UndeliveredRecords } from './undelivered-records.ts'

/** Changes that are handed to the client at once. */
const PACKED = 5000
/** Before brokers that are away are asked again, in ms. */
const RENEW_AGAIN = 1000
/** More is committed before its time: it is kept in memory until then. */
const MOST_BYTES = 32 << 20
/** How long what is open is waited for at the end, in ms: what is left open times out. */
const CLOSE_TIMEOUT = 10_000

/**
 * The one producer of a pipeline that commits in transactions. What is sent is kept until it is committed: a transaction that was
 * aborted is sent again from memory. After an error behind which nobody knows how it ended the producer is made anew, and
 * the pipeline goes back to its last commit.
 */
export class KafkaTransactions implements TransactionConnection {
  readonly #parts: TransactionParts
  readonly #held: HeldClient
  readonly #undelivered = new UndeliveredRecords()
  /** Since the last commit, in order; the first `#placed` of them are in the open transaction. */
  #sent: SentRecords[] = []
  #placed = 0
  #size = 0
  #isOpen = false
  /** The open transaction may have been committed. */
  #isEnding = false
  /** Why the open transaction can't be committed. */
  #failure: unknown = null

  constructor(parts: TransactionParts, openClient = openTransactionClient) {
    this.#parts = parts
    const listener = {
      failed: (error: unknown) => {
        this.#failure ??= error
      },
      undelivered: (error: unknown, report: Report) => {
        this.#failure ??= error
        this.#undelivered.add(error, report)
      },
      shut: (topic: string, error: unknown) => this.#undelivered.addTopic(topic, error),
      remade: () => this.#noneOpen()
    }
    this.#held = new HeldClient(parts, listener, openClient)
  }

  async open(): Promise<void> {
    const { native, definition } = this.#parts
    await this.#held.connect()
    const { config } = this.#held
    await requireStateTopics(native, topic => this.partitionsOf(topic), config, definition)
    while (!(await this.#claim())) await this.#held.remake()
  }

  get #client(): TransactionClient {
    return this.#held.client
  }

  /** From now on a process that had the state before will find out. False: that one has come in between. */
  async #claim(): Promise<boolean> {
    const { ownership } = this.#held
    if (ownership === null) return true
    const { definition } = this.#parts
    const { index } = statePartition(definition)
    const client = this.#client
    const end = await client.endOf(stateTopic(definition, ''), index)
    const { topic, partition, key, value } = ownership.claim(end)
    try {
      await client.begin()
      await this.#sendOwn(topic, partition, [{ key, value }])
      await client.flush(() => this.#throwFailure())
      this.#throwFailure()
      await client.commit()
      return true
    } catch (error) {
      if (isFenced(error)) return false
      throw error
    }
  }

  watch(watcher: TransactionWatcher): () => void {
    return this.#held.watch(watcher)
  }

  compressionRatio(topic: string): number {
    return this.#held.isOpen ? this.#client.compressionRatio(topic) : 1
  }

  /** Why a topic has no partitions for this user. */
  errorOf(topic: string): Promise<string | null> {
    return topicError(this.#parts.native, this.#held.config, topic)
  }

  partitionsOf(topic: string, mayCreate = false): Promise<number> {
    return this.#client.partitionsOf(topic, mayCreate)
  }

  createTopic(topic: NewTopic): Promise<void> {
    return createTopic(this.#parts.native, this.#held.config, topic)
  }

  /** Other settings, from the next transaction on. Rejects, and keeps the old ones, where the client takes none of them. */
  reconfigure(config: ClientConfig): Promise<void> {
    return this.#held.reconfigure(config)
  }

  restore(table: string, offset: number, apply: (change: StateChange) => void): Promise<void> {
    const { native, definition } = this.#parts
    return restoreState(native, this.#held.config, definition, table, offset, apply)
  }

  ends(): Promise<ReadonlyMap<string, number>> {
    const client = this.#client
    return stateEnds((topic, partition) => client.endOf(topic, partition), this.#parts.definition)
  }

  isFull(): boolean {
    return this.#size > MOST_BYTES
  }

  /** Takes records over, but those in `leftOut`. That they can't be sent shows at the commit. */
  async send(records: SentRecords, leftOut: readonly number[] = []): Promise<void> {
    this.#sent.push(records)
    for (const record of leftOut) this.#undelivered.leaveOut(records, record)
    this.#size += (records.letters ?? records).bytes.length
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
      await this.#client.send(records, left, hasFailed)
    }
  }

  async #begin(): Promise<void> {
    if (this.#isOpen) return
    if (this.#held.isWorn) await this.#held.tryRenew()
    await this.#client.begin()
    this.#isOpen = true
  }

  async commit(changes: readonly StateChange[], offsets: readonly SourceOffsets[]): Promise<void> {
    try {
      this.#throwFailure()
      await this.#placeRest()
      await this.#produce(changes)
      await both(
        this.#client.flush(() => this.#throwFailure()),
        this.#sendAllOffsets(offsets)
      )
      this.#throwFailure()
      this.#isEnding = true
      await this.#client.commit()
    } catch (error) {
      throw await this.#afterFailure(error)
    }
    this.#isEnding = false
    this.#isOpen = false
    // Where it is aborted, somebody may still be about to send them.
    for (const { release } of this.#sent) release?.()
    this.#forgetSent()
    this.#held.relax()
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
        await this.#sendOwn(topic, statePartition(this.#parts.definition).index, part)
        this.#throwFailure()
        // Packing takes some ms: others wait meanwhile.
        await setImmediate()
      }
    }
  }

  /** What is the pipeline's own: nobody may go on without it. */
  async #sendOwn(topic: string, partition: number, records: readonly PlainRecord[]): Promise<void> {
    await during('committing', () => {
      const sent = ownRecords(topic, partition, records)
      return this.#client.send(sent, new Set(), () => this.#failure !== null)
    })
  }

  async #sendOffsets({ source, partitions, next, times }: SourceOffsets): Promise<void> {
    if (!(source instanceof KafkaSource)) throw new Error('offsets of another connector')
    const list = source.offsetsOf(partitions, next, times)
    await this.#client.sendOffsets(source.consumer, list)
    // A consumer that is no member any more names no generation, and brokers check none then. Should it stop being one from
    // now on, whoever gets the partitions waits for the end of this transaction.
    if (source.isLost()) throw new TransactionLost('the partitions were lost')
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
      // An answer to an earlier try of the same commit may have got lost.
      if (isFenced(error) || (this.#isEnding && !isAbortable(error))) throw error
      await this.#abortOpen()
      return true
    } catch (failure) {
      this.#held.giveUp()
      if (!isNothingOpen(failure) || this.#isEnding) return false
      // Brokers refuse to abort a transaction that none of its topics could be added to, and the client gives its producer up.
      // Nothing of it is anywhere: a new producer sends it again.
      this.#noneOpen()
      return true
    }
  }

  /** What has been refused for good is left out when the rest is sent again. Answers why nothing can go on. */
  #leaveOutRefused(): EnvironmentError | null {
    try {
      const { isExact } = this.#held
      const isWanted = this.#undelivered.take(this.#sent, isExact)
      if (isWanted && !isExact) this.#held.beCareful()
      return null
    } catch (error) {
      if (error instanceof EnvironmentError) return error
      throw error
    }
  }

  async abort(): Promise<void> {
    this.#forgetSent()
    try {
      if (!this.#held.isBroken) await this.#abortOpen()
    } catch {
      this.#held.giveUp()
    }
    for (;;) {
      try {
        if (this.#held.isBroken) await this.#held.renew()
        else await this.#held.ownership?.require(this.#held.config)
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

  /** Reports on what was aborted may come later: they are not to stop what is sent next, for it would stay stopped. */
  async #abortOpen(): Promise<void> {
    if (this.#isOpen) await this.#client.abort()
    this.#noneOpen()
  }

  #noneOpen(): void {
    this.#isOpen = false
    this.#isEnding = false
    this.#placed = 0
    // Of what is not open any more.
    this.#failure = null
  }

  /** Readers need not wait until what is open times out. */
  async close(): Promise<void> {
    if (this.#isOpen && !this.#held.isBroken && this.#held.isOpen) {
      const timeout = new AbortController()
      const { signal } = timeout
      const aborted = this.#client.abort().finally(() => timeout.abort())
      await Promise.allSettled([Promise.race([aborted, sleep(CLOSE_TIMEOUT, null, { signal })])])
      aborted.catch(() => {})
    }
    await this.#held.close()
  }
}

/** At the same time; where one fails, not before the other has ended. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled([one, other])) {
    if (result.status === 'rejected') throw result.reason
  }
}
