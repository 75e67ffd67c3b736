import { setTimeout as sleep } from 'node:timers/promises'
import type { LetterBatch } from '../../contract/index.ts'
import type { BrokerError } from '../wire/broker-error.ts'
import { BrokerRefusal } from '../wire/broker-error.ts'
import { Cluster } from '../wire/cluster.ts'
import { CODES } from '../wire/error-codes.ts'
import { FIND_COORDINATOR } from '../wire/find-coordinator.ts'
import { LIST_OFFSETS, readListEnd, writeListOffsets } from '../wire/list-offsets.ts'
import { METADATA } from '../wire/metadata.ts'
import { INIT_PRODUCER_ID } from '../wire/produce.ts'
import {
  ADD_OFFSETS,
  ADD_PARTITIONS,
  COMMIT_OFFSETS,
  END_TRANSACTION,
  type Membership,
  type OffsetToCommit,
  readCommitOffsets,
  writeCommitOffsets
} from '../wire/transactions.ts'
import { Coordinator } from './coordinator.ts'
import {
  type ProducedColumns,
  type ProduceListener,
  type ProduceSettings,
  RawProducer
} from './raw-producer.ts'
import type { LostRecord } from './split-batch.ts'
import { TransactionIdentity } from './transaction-identity.ts'

export interface TransactionSettings extends Omit<ProduceSettings, 'topic'> {
  readonly transactionalId: string
  /** How long a transaction may be open, in ms. */
  readonly transactionTimeout: number
}

export interface TransactionListener {
  /** A record will not arrive; the transaction goes on without it. */
  lost(topic: string, error: BrokerError, record: LostRecord): void
  /** The open transaction can only be aborted. */
  failed(error: BrokerError): void
  /** Brokers that something is wanted of answer, or do not. */
  connected: ProduceListener['connected']
}

const APIS = [
  METADATA,
  LIST_OFFSETS,
  FIND_COORDINATOR,
  INIT_PRODUCER_ID,
  ADD_PARTITIONS,
  ADD_OFFSETS,
  COMMIT_OFFSETS,
  END_TRANSACTION
]
/** A topic, or the leader of a partition, may be there in a moment, and know how far it is committed. */
const PASSING: readonly number[] = [CODES.unknownTopic, 5, 6, 78]

/**
 * Sends records, and commits offsets of groups, in transactions: KIP-98. Each topic has a producer of its own; all of them send under
 * one identity.
 */
export class TransactionalProducer {
  readonly #settings: TransactionSettings
  readonly #listener: TransactionListener
  readonly #cluster: Cluster
  readonly #coordinator: Coordinator
  readonly #identity: TransactionIdentity
  readonly #producers = new Map<string, RawProducer>()
  readonly #groups = new Map<string, Coordinator>()
  /** Who does not reach a broker now. */
  readonly #unreached = new Set<string>()
  #isClosed = false

  private constructor(settings: TransactionSettings, listener: TransactionListener) {
    this.#settings = settings
    this.#listener = listener
    this.#cluster = new Cluster({ ...settings, apis: APIS })
    const { transactionalId, transactionTimeout } = settings
    this.#coordinator = this.#coordinatorOf('transaction', transactionalId)
    this.#identity = new TransactionIdentity(
      transactionalId,
      this.#coordinator,
      transactionTimeout,
      error => listener.failed(error)
    )
  }

  /**
   * Ends what another producer has open under the same id, and shuts it out. Rejects where no broker answers now, or none speaks the
   * protocol as we do; with a BrokerRefusal where this user may not have the id.
   */
  static async open(
    settings: TransactionSettings,
    listener: TransactionListener
  ): Promise<TransactionalProducer> {
    const producer = new TransactionalProducer(settings, listener)
    try {
      await producer.#coordinator.find()
      await producer.#identity.init()
      return producer
    } catch (error) {
      producer.close()
      throw error
    }
  }

  #coordinatorOf(kind: 'group' | 'transaction', name: string): Coordinator {
    return new Coordinator(this.#cluster, kind, name, (up, reason) =>
      this.#connected(`${kind} ${name}`, up, reason)
    )
  }

  #connected(who: string, up: boolean, reason: string, isRefusal = false): void {
    if (up) this.#unreached.delete(who)
    else this.#unreached.add(who)
    this.#listener.connected(this.#unreached.size === 0, reason, isRefusal)
  }

  /** Whether brokers know of a transaction that is neither committed nor aborted. */
  get isOpen(): boolean {
    return this.#identity.isOpen
  }

  /** As RawProducer's; the first record opens a transaction. Rejects with a BrokerRefusal where the topic is not there. */
  async send(
    topic: string,
    records: ProducedColumns,
    headersOf: (record: number) => Uint8Array | null,
    partition: number | null
  ): Promise<void> {
    const producer = await this.#producerOf(topic)
    await producer?.send(records, headersOf, partition)
  }

  /** As `send`. */
  async sendLetters(topic: string, letters: LetterBatch): Promise<void> {
    const producer = await this.#producerOf(topic)
    await producer?.sendLetters(letters)
  }

  /** Waits while no broker answers. Null: there is no need any more. */
  async #producerOf(topic: string): Promise<RawProducer | null> {
    const existing = this.#producers.get(topic)
    if (existing !== undefined) return existing
    const who = `topic ${topic}`
    const connected: ProduceListener['connected'] = (up, reason, isRefusal) =>
      this.#connected(who, up, reason, isRefusal)
    const listener = {
      lost: (error: BrokerError, record: LostRecord) => this.#listener.lost(topic, error, record),
      connected
    }
    while (!this.#isClosed && !this.#identity.isOver) {
      try {
        const settings = { ...this.#settings, topic }
        const opened = await RawProducer.open(settings, listener, this.#identity)
        // Meanwhile: nobody would close it.
        if (this.#isClosed) opened.close()
        else this.#producers.set(topic, opened)
        connected(true, '')
        return opened
      } catch (error) {
        if (error instanceof BrokerRefusal) throw error
        connected(false, (error as Error).message)
        await sleep(this.#settings.backOff)
      }
    }
    return null
  }

  /** Resolves when every record has arrived or is lost, or the transaction has failed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#producers.values()].map(producer => producer.flush()))
  }

  /** Rejects where they are not part of the transaction: with a BrokerRefusal where the consumer may not commit them. */
  async commitOffsets(membership: Membership, offsets: readonly OffsetToCommit[]): Promise<void> {
    const { group } = membership
    const writer = await this.#identity.enterGroup(group)
    const coordinator = this.#groups.get(group) ?? this.#coordinatorOf('group', group)
    this.#groups.set(group, coordinator)
    const code = await coordinator.ask({
      api: COMMIT_OFFSETS,
      write: request => writeCommitOffsets(request, writer, membership, offsets),
      read: readCommitOffsets,
      errorOf: Number
    })
    if (code !== 0) throw new BrokerRefusal(code)
  }

  /** All that was flushed, or nothing. Rejects where it was not committed, or nobody knows. */
  commit(): Promise<void> {
    return this.#identity.commit()
  }

  /** Nothing of the open transaction is ever seen. Rejects with a BrokerRefusal where the id is another's by now. */
  async abort(): Promise<void> {
    const producers = [...this.#producers.values()]
    await Promise.all(producers.map(producer => producer.drop()))
    if (!this.#identity.isOpen && !this.#identity.isOver) return
    await this.#identity.init()
    producers.forEach(producer => producer.restart())
  }

  /** How many partitions a topic has; 0: it is not there, or not for this user. Waits while the brokers are away. */
  async partitionsOf(topic: string, mayCreate: boolean): Promise<number> {
    const { error, partitions } = await this.#untilAnswered(
      async () => (await this.#cluster.metadata(topic, { mayCreate })).topic
    )
    return error === 0 ? partitions.length : 0
  }

  /** The offset that the next record of a partition gets. Rejects with a BrokerRefusal where the topic is not there, nor comes soon. */
  async endOf(topic: string, partition: number): Promise<number> {
    const deadline = performance.now() + this.#settings.topicWait
    for (;;) {
      const { error, offset } = await this.#untilAnswered(async () => {
        const { brokers, topic: found } = await this.#cluster.metadata(topic)
        const leader = brokers.get(
          found.partitions.find(one => one.partition === partition)?.leader ?? -1
        )
        if (leader === undefined) return { error: found.error || CODES.unknownTopic, offset: 0 }
        return this.#cluster.ask(
          leader,
          LIST_OFFSETS,
          request =>
            writeListOffsets(request, {
              ...{ topic, partitions: [partition] },
              ...{ end: 'latest', isCommittedOnly: false }
            }),
          readListEnd
        )
      })
      if (error === 0) return offset
      const isMissed = error === CODES.unknownTopic && performance.now() > deadline
      if (isMissed || !PASSING.includes(error)) throw new BrokerRefusal(error)
      await sleep(this.#settings.backOff)
    }
  }

  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (this.#isClosed) throw error
        await sleep(this.#settings.backOff)
      }
    }
  }

  /** Compressed bytes divided by bytes before, of what arrived in a topic. */
  compressionRatio(topic: string): number {
    return this.#producers.get(topic)?.compressionRatio() ?? 1
  }

  /** What is open stays so until somebody has the id again, or it times out. */
  close(): void {
    this.#isClosed = true
    this.#coordinator.close()
    for (const coordinator of this.#groups.values()) coordinator.close()
    for (const producer of this.#producers.values()) producer.close()
    this.#cluster.close()
  }
}
