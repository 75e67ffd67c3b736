import { type BrokerError, BrokerRefusal } from '../wire/broker-error.ts'
import { CODES } from '../wire/error-codes.ts'
import {
  INIT_PRODUCER_ID,
  type ProducerId,
  readInitProducerId,
  writeInitTransactions
} from '../wire/produce.ts'
import {
  ADD_OFFSETS,
  ADD_PARTITIONS,
  END_TRANSACTION,
  readAddPartitions,
  readErrorCode,
  writeAddOffsets,
  writeAddPartitions,
  writeEndTransaction,
  type Writer
} from '../wire/transactions.ts'
import type { Coordinator } from './coordinator.ts'
import type { ProducerIdentity } from './producer-identity.ts'

/** What brokers say of a topic, or of a partition, and of nothing else. */
const OF_PARTITION: readonly number[] = [CODES.unknownTopic, CODES.topicAuthorization]

/** A transactional id that nobody else has, and the transaction that is open under it: KIP-98. */
export class TransactionIdentity implements ProducerIdentity {
  readonly transactionalId: string
  readonly #coordinator: Coordinator
  readonly #timeout: number
  readonly #failed: (error: BrokerError) => void
  /** Topics and their partitions that are part of the open transaction. */
  readonly #entered = new Map<string, Set<number>>()
  readonly #groups = new Set<string>()
  #current: ProducerId | null = null
  #isOver = false

  /**
   * `timeout`: how long a transaction may be open, in ms. `failed`: told once why the open one can only be aborted, or the id is
   * another's by now.
   */
  constructor(
    transactionalId: string,
    coordinator: Coordinator,
    timeout: number,
    failed: (error: BrokerError) => void
  ) {
    this.transactionalId = transactionalId
    this.#coordinator = coordinator
    this.#timeout = timeout
    this.#failed = failed
  }

  get current(): ProducerId | null {
    return this.#current
  }

  get isOver(): boolean {
    return this.#isOver
  }

  ask(): Promise<ProducerId> {
    return this.#current === null || this.#isOver
      ? Promise.reject(new Error('no transaction is open'))
      : Promise.resolve(this.#current)
  }

  get #writer(): Writer {
    return { transactionalId: this.transactionalId, producer: this.#current! }
  }

  /**
   * The first time it takes the id from whoever has it; from then on it ends what is open and goes on under another epoch, which
   * brokers count anew for. Rejects where the id is another's by now.
   */
  async init(): Promise<void> {
    const found = await this.#coordinator.ask({
      api: INIT_PRODUCER_ID,
      write: request =>
        writeInitTransactions(request, this.transactionalId, this.#timeout, this.#current),
      read: readInitProducerId,
      errorOf: answer => (typeof answer === 'number' ? answer : 0)
    })
    if (typeof found === 'number') throw new BrokerRefusal(found)
    this.#current = found
    this.#isOver = false
    this.#noneEntered()
  }

  /** Whether a broker knows of an open transaction. */
  get isOpen(): boolean {
    return this.#entered.size > 0 || this.#groups.size > 0
  }

  async enter(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const entered = this.#entered.get(topic) ?? new Set()
    let missing = partitions.filter(partition => !entered.has(partition))
    const refused = new Map<number, number>()
    while (missing.length > 0) {
      // From now on: an answer that gets lost is one that may have been a yes.
      this.#entered.set(topic, entered)
      const codes = await this.#add(topic, missing)
      for (const [partition, code] of codes) {
        if (code === 0) entered.add(partition)
        else if (OF_PARTITION.includes(code)) refused.set(partition, code)
        else if (code !== CODES.notAttempted) throw this.#end(new BrokerRefusal(code))
      }
      // Nothing is done for the others where one is refused.
      missing = missing.filter(partition => codes.get(partition) === CODES.notAttempted)
    }
    return refused
  }

  #add(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const writer = this.#writer
    return this.#coordinator.ask({
      api: ADD_PARTITIONS,
      write: request => writeAddPartitions(request, writer, topic, partitions),
      read: readAddPartitions,
      // What has to be waited for is the same for all.
      errorOf: codes => [...codes.values()].find(code => !OF_PARTITION.includes(code)) ?? 0
    })
  }

  /** The offsets of a group become part of the transaction. Answers for whom they are committed. */
  async enterGroup(group: string): Promise<Writer> {
    const writer = this.#writer
    if (this.#groups.has(group)) return writer
    this.#groups.add(group)
    await this.#askCode(ADD_OFFSETS, request => writeAddOffsets(request, writer, group))
    return writer
  }

  /** Resolves when all that is part of the transaction is committed; rejects where it is not, or where nobody knows. */
  async commit(): Promise<void> {
    if (!this.isOpen) return
    const writer = this.#writer
    await this.#askCode(END_TRANSACTION, request => writeEndTransaction(request, writer, true))
    this.#noneEntered()
  }

  async #askCode(
    api: typeof ADD_OFFSETS,
    write: Parameters<Coordinator['ask']>[0]['write']
  ): Promise<void> {
    const code = await this.#coordinator.ask({ api, write, read: readErrorCode, errorOf: Number })
    if (code !== 0) throw this.#end(new BrokerRefusal(code))
  }

  refused(error: BrokerError): boolean {
    this.#end(error)
    return false
  }

  #end<E extends BrokerError>(error: E): E {
    if (!this.#isOver) this.#failed(error)
    this.#isOver = true
    return error
  }

  #noneEntered(): void {
    this.#entered.clear()
    this.#groups.clear()
  }
}
