import { EnvironmentError } from '../../observe/environment-error.ts'
import type { KafkaNative } from '../../native/index.ts'
import type { OffsetToCommit } from '../wire/transactions.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import type { KafkaConsumer } from './columns.ts'
import { CompressionRatio } from './compression-ratio.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { explainDenial } from './denial.ts'
import { disconnectProducer, flushProducer } from './producer.ts'
import { produceRecords, type SentRecords } from './sent-records.ts'
import type {
  TransactionClient,
  TransactionClientListener,
  TransactionParts
} from './transaction-client.ts'
import { isOver, isRetriable, shutTopic } from './transaction-error.ts'
import { needsOf } from './transaction-config.ts'
import type { Report } from './undelivered-records.ts'
import { watchConnection } from './watch-connection.ts'

type Producer = InstanceType<KafkaNative['Producer']>

/** How long one step of a transaction may take, in ms; then it is asked for again. */
const STEP_TIMEOUT = 30_000

/** Transactions by librdkafka. */
export class ClientTransactions implements TransactionClient {
  readonly isExact = false
  readonly #producer: Producer
  readonly #listener: TransactionClientListener
  readonly #ratios = new Map<string, CompressionRatio>()
  #reports = 0
  #isClosed = false

  private constructor(producer: Producer, listener: TransactionClientListener) {
    this.#producer = producer
    this.#listener = listener
  }

  /** Ends what another client with the same id has open, and shuts it out. */
  static async open(
    { native, log }: TransactionParts,
    config: ClientConfig,
    listener: TransactionClientListener
  ): Promise<ClientTransactions> {
    const client = new ClientTransactions(new native.Producer(config), listener)
    const producer = client.#producer
    const needs = needsOf(config)
    client.#hear()
    watchConnection(
      producer,
      'transactions',
      log,
      needs,
      (up, reason) => listener.connected(up, reason),
      statistics => {
        for (const topic of Object.keys(statistics.topics)) client.#ratioOf(topic).read(statistics)
      }
    )
    try {
      await connectClient(producer, String(config['metadata.broker.list']))
      producer.setPollInBackground(true)
      await untilDone(done => producer.initTransactions(STEP_TIMEOUT, done))
    } catch (error) {
      // A client that is left open keeps the process alive.
      await client.close()
      const denial = explainDenial(errorText(error), needs)
      throw denial === null ? error : new EnvironmentError(denial.message, denial.hint)
    }
    return client
  }

  #hear(): void {
    this.#producer.on('delivery-report', (error, report) => {
      if (this.#isClosed) return
      this.#reports++
      if (!error) return
      this.#listener.undelivered(error, report as unknown as Report)
    })
    this.#producer.on('event.log', ({ message }) => {
      const shut = shutTopic(message)
      if (shut !== null) this.#listener.shut(shut.topic, shut.error)
    })
  }

  async begin(): Promise<void> {
    await call(done => this.#producer.beginTransaction(done))
  }

  send(records: SentRecords, left: ReadonlySet<number>, hasFailed: () => boolean): Promise<void> {
    return produceRecords(this.#producer, records, left, hasFailed)
  }

  /** The commit waits by itself, but looks every 10 ms only, and not whether waiting makes sense. */
  flush(check: () => void): Promise<void> {
    return flushProducer(
      this.#producer,
      () => this.#reports,
      async () => {
        check()
        await this.#checkOpen()
      }
    )
  }

  /** Throws where the transaction can only be aborted: its records will never be sent. Beginning another one tells. */
  async #checkOpen(): Promise<void> {
    try {
      await call(done => this.#producer.beginTransaction(done))
    } catch (error) {
      if (isOver(error)) throw error
    }
  }

  sendOffsets(consumer: KafkaConsumer, offsets: readonly OffsetToCommit[]): Promise<void> {
    const list = offsets as Parameters<Producer['sendOffsetsToTransaction']>[0]
    return untilDone(done =>
      this.#producer.sendOffsetsToTransaction(list, consumer, STEP_TIMEOUT, done)
    )
  }

  async commit(): Promise<void> {
    await untilDone(done => this.#producer.commitTransaction(STEP_TIMEOUT, done))
  }

  async abort(): Promise<void> {
    await untilDone(done => this.#producer.abortTransaction(STEP_TIMEOUT, done))
  }

  partitionsOf(topic: string): Promise<number> {
    return topicPartitions(this.#producer, topic)
  }

  endOf(topic: string, partition: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#producer.queryWatermarkOffsets(topic, partition, STEP_TIMEOUT, (error, ends) => {
        if (error) reject(error)
        else resolve(ends.highOffset)
      })
    })
  }

  compressionRatio(topic: string): number {
    return this.#ratioOf(topic).value
  }

  /** From the first report on, whoever asks later: each tells of what was sent since the one before. */
  #ratioOf(topic: string): CompressionRatio {
    const ratio = this.#ratios.get(topic) ?? new CompressionRatio(topic)
    this.#ratios.set(topic, ratio)
    return ratio
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await disconnectProducer(this.#producer)
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
