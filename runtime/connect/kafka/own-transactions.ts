import { EnvironmentError } from '../../observe/environment-error.ts'
import { TransactionalProducer } from '../produce/transactional-producer.ts'
import { BrokerRefusal } from '../wire/broker-error.ts'
import type { OffsetToCommit } from '../wire/transactions.ts'
import type { ClientConfig } from './client-config.ts'
import { ANY_PARTITION, type KafkaConsumer, membershipOf } from './columns.ts'
import { explainDenial } from './denial.ts'
import { EncodedHeaders } from './encoded-headers.ts'
import { produceSettings } from './produce-settings.ts'
import type { SentRecords } from './sent-records.ts'
import type {
  TransactionClient,
  TransactionClientListener,
  TransactionParts
} from './transaction-client.ts'
import { needsOf } from './transaction-config.ts'
import { Outage } from './watch-connection.ts'

/** Transactions through connections of our own. */
export class OwnTransactions implements TransactionClient {
  readonly isExact = true
  readonly #producer: TransactionalProducer
  readonly #listener: TransactionClientListener
  readonly #headers = new EncodedHeaders()

  private constructor(producer: TransactionalProducer, listener: TransactionClientListener) {
    this.#producer = producer
    this.#listener = listener
  }

  /**
   * Ends what another client with the same id has open, and shuts it out. A text: the setting that only librdkafka can follow. Rejects
   * where no broker answers now, or none speaks the protocol as we do.
   */
  static async open(
    { log }: TransactionParts,
    config: ClientConfig,
    listener: TransactionClientListener
  ): Promise<OwnTransactions | string> {
    const {
      'transactional.id': transactionalId,
      'transaction.timeout.ms': timeout,
      ...others
    } = config
    const settings = await produceSettings('', { ...others, 'enable.idempotence': true })
    if (typeof settings === 'string') return settings
    const outage = new Outage('transactions', log, (up, reason) => listener.connected(up, reason))
    const own = {
      ...settings,
      transactionalId: String(transactionalId),
      transactionTimeout: Number(timeout)
    }
    try {
      const producer = await TransactionalProducer.open(own, {
        lost(topic, error, { key, value }) {
          listener.undelivered(error, { topic, key, value })
        },
        failed: error => listener.failed(error),
        connected: (up, reason, isRefusal) => outage.tell(up, reason, { isRefusal })
      })
      return new OwnTransactions(producer, listener)
    } catch (error) {
      if (!(error instanceof BrokerRefusal)) throw error
      const denial = explainDenial(error.message, needsOf(config))
      throw denial === null ? error : new EnvironmentError(denial.message, denial.hint)
    }
  }

  /** The first record opens it. */
  begin(): Promise<void> {
    return Promise.resolve()
  }

  async send(
    records: SentRecords,
    left: ReadonlySet<number>,
    hasFailed: () => boolean
  ): Promise<void> {
    const { topic, partition, letters } = records
    try {
      // None of them is ever left out: the pipeline stops rather than lose one.
      if (letters !== undefined) return await this.#producer.sendLetters(topic, letters)
      await this.#producer.send(
        topic,
        records,
        record => (left.has(record) || hasFailed() ? null : this.#headers.of(records, record)),
        partition === ANY_PARTITION ? null : partition
      )
    } catch (error) {
      if (!(error instanceof BrokerRefusal)) throw error
      this.#listener.shut(topic, error)
      throw error
    }
  }

  flush(): Promise<void> {
    return this.#producer.flush()
  }

  async sendOffsets(consumer: KafkaConsumer, offsets: readonly OffsetToCommit[]): Promise<void> {
    if (offsets.length === 0) return
    const membership = membershipOf(consumer)
    if (membership === null) throw new Error('the consumer is closed')
    await this.#producer.commitOffsets(membership, offsets.map(withZero))
  }

  commit(): Promise<void> {
    return this.#producer.commit()
  }

  abort(): Promise<void> {
    return this.#producer.abort()
  }

  partitionsOf(topic: string, mayCreate: boolean): Promise<number> {
    return this.#producer.partitionsOf(topic, mayCreate)
  }

  async endOf(topic: string, partition: number): Promise<number> {
    try {
      return await this.#producer.endOf(topic, partition)
    } catch (error) {
      if (!(error instanceof BrokerRefusal)) throw error
      throw new EnvironmentError(`topic "${topic}" can't be read: ${error.message}`)
    }
  }

  compressionRatio(topic: string): number {
    return this.#producer.compressionRatio(topic)
  }

  close(): Promise<void> {
    this.#producer.close()
    return Promise.resolve()
  }
}

/** Whoever reads it does so by librdkafka's addon, which takes the last byte for the zero that it puts there itself. */
function withZero(offset: OffsetToCommit): OffsetToCommit {
  return offset.metadata === undefined ? offset : { ...offset, metadata: `${offset.metadata}\0` }
}
