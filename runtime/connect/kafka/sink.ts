import { setTimeout as sleep } from 'node:timers/promises'
import { unpackHeaders } from '../../codec/index.ts'
import type {
  OutputBatch,
  RecordHeader,
  RefusedRecord,
  SinkConnection,
  SinkDefinition,
  SinkListener
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { CHANGE_HEADER, changeHeaders } from '../change-headers.ts'
import { TransactionLost } from '../../observe/transaction-lost.ts'
import { BatchLimit } from './batch-limit.ts'
import { type ClientConfig, errorCode, errorText } from './client-config.ts'
import { ANY_PARTITION, produceColumns } from './columns.ts'
import { CompressionRatio } from './compression-ratio.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { writeHeaders } from './headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { isRecordsFault, isTooLarge, refusalCode } from './refusal.ts'
import { explainDenial, type Needs } from './denial.ts'
import { requireTopic } from './require-topic.ts'
import { topicError } from './topic-error.ts'
import { sinkConfig } from './sink-config.ts'
import { SinkRetries } from './sink-retries.ts'
import { watchConnection } from './watch-connection.ts'

type Producer = InstanceType<KafkaNative['Producer']>

/**
 * One producer. Only failures are reported back by librdkafka (`delivery.report.only.error`), so a record that arrives costs
 * nothing here; `flush` is what says that all before it did.
 */
export async function openKafkaSink(
  sink: SinkDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SinkListener,
  log: Logger
): Promise<SinkConnection> {
  const native = await loadKafkaNative()
  const config = sinkConfig(sink, properties)
  const connection = new KafkaSink(native, config, sink, listener, log)
  try {
    await connection.open()
  } catch (error) {
    // A client that is left open keeps the process alive.
    await connection.close()
    throw error
  }
  return connection
}

interface DeliveryReport {
  readonly key?: Uint8Array | string | null | undefined
  readonly value?: Uint8Array | null | undefined
  /** Packed; missing where there are none. */
  readonly headers?: Uint8Array
}

/** A record that did not arrive. */
interface Undelivered {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

function reportedRecord({ key, value, headers }: DeliveryReport): Undelivered {
  return {
    key: key === null || key === undefined ? null : Buffer.from(key),
    value: value === null || value === undefined ? null : Buffer.from(value),
    headers: headers === undefined ? [] : unpackHeaders(headers, 0)
  }
}

class KafkaSink implements SinkConnection {
  readonly #native: KafkaNative
  readonly #config: ClientConfig
  readonly #sink: SinkDefinition
  readonly #listener: SinkListener
  readonly #log: Logger
  readonly #ratio: CompressionRatio
  readonly #limit: BatchLimit
  readonly #retries: SinkRetries
  #producer: Producer
  #reports = 0
  /** A batch was refused as too large: whichever of its records is to blame. */
  #isTooLarge = false
  /** What is sent from now on comes again. */
  #isVain = false
  /** Nothing arrives any more, and no record is to blame. */
  #broken = false
  #closing = false

  constructor(
    native: KafkaNative,
    config: ClientConfig,
    sink: SinkDefinition,
    listener: SinkListener,
    log: Logger
  ) {
    this.#native = native
    this.#config = config
    this.#sink = sink
    this.#listener = listener
    this.#log = log
    this.#ratio = new CompressionRatio(sink.topic)
    this.#limit = new BatchLimit(config)
    this.#retries = new SinkRetries(sink, listener)
    this.#producer = this.#makeProducer()
  }

  #makeProducer(): Producer {
    const producer = new this.#native.Producer({ ...this.#config, ...this.#limit.config() })
    producer.on('delivery-report', (error, report: DeliveryReport) => {
      this.#reports++
      if (error) this.#notDelivered(error, reportedRecord(report))
    })
    return producer
  }

  async open(): Promise<void> {
    const { brokers, name } = this.#sink
    const { connected } = this.#listener
    watchConnection(
      this.#producer,
      `sink "${name}"`,
      this.#log,
      this.#needs(),
      connected,
      statistics => this.#ratio.read(statistics)
    )
    await connectClient(this.#producer, brokers)
    this.#producer.setPollInBackground(true)
    await requireTopic(
      this.#sink,
      topic => topicPartitions(this.#producer, topic),
      topic => topicError(this.#native, this.#config, topic)
    )
  }

  #needs(): Needs {
    return { operation: 'Write', topic: this.#sink.topic }
  }

  #notDelivered(error: unknown, record: Undelivered): void {
    if (isTooLarge(error) && !this.#limit.isAlone(sizeOf(record))) this.#isTooLarge = true
    else if (!this.#retries.takes(error)) return this.#failed(error, record, null)
    this.#isVain = true
  }

  async send(batch: OutputBatch): Promise<void> {
    const { topic } = this.#sink
    const records = { ...batch, headers: null }
    for (let next = 0; !this.#broken && !this.#isVain;) {
      next = produceColumns(this.#producer, topic, ANY_PARTITION, records, next, CHANGE_HEADER)
      if (next === batch.count) return
      // It is sent by itself, to see why it was not taken.
      while (!this.#broken && !this.#produce(batch, next)) await sleep(2)
      next++
    }
  }

  /** False: the queue is full, try again later. */
  #produce(batch: OutputBatch, record: number): boolean {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = batch
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const part = (start: number, end: number) => (start < 0 ? null : view.subarray(start, end))
    const key = part(keyStart[record]!, keyEnd[record]!)
    const value = part(valueStart[record]!, valueEnd[record]!)
    const headers = writeHeaders(changeHeaders(batch, record)) as never
    try {
      this.#producer.produce(this.#sink.topic, null, value, key, null, undefined, headers)
      return true
    } catch (error) {
      if (errorCode(error) === QUEUE_FULL) return false
      const from = { partition: batch.partition[record]!, offset: batch.offset[record]! }
      if (this.#retries.takes(error)) this.#isVain = true
      else this.#failed(error, { key, value, headers: changeHeaders(batch, record) }, from)
      return true
    }
  }

  #failed(error: unknown, record: Undelivered, from: RefusedRecord['from']): void {
    if (this.#closing) return
    const { name } = this.#sink
    if (!isRecordsFault(error)) {
      this.#broken = true
      const denial = explainDenial(errorText(error), this.#needs())
      const message = `sink "${name}": ${denial?.message ?? errorText(error)}`
      this.#listener.failed(new EnvironmentError(message, denial?.hint ?? null))
      return
    }
    const { key, value, headers } = record
    this.#listener.refused({
      key: key === null ? null : Uint8Array.from(key),
      value: value === null ? null : Uint8Array.from(value),
      headers,
      from,
      code: refusalCode(error),
      message: errorText(error),
      attempt: this.#retries.attemptsOf(error)
    })
  }

  async flush(): Promise<void> {
    await flushProducer(this.#producer, () => this.#reports)
    const isTried = await this.#retries.wait()
    if (!this.#isVain) return this.#retries.reset()
    this.#isVain = false
    if (this.#isTooLarge) await this.#useSmallerBatches()
    const { name } = this.#sink
    throw new TransactionLost(`sink "${name}" ${isTried ? 'tries' : 'sends'} its records again`)
  }

  /** Records behind those of a batch that was refused may have arrived: all come again, so that the order of each key is kept. */
  async #useSmallerBatches(): Promise<void> {
    this.#isTooLarge = false
    const { name, topic } = this.#sink
    const fields = { topic, bytes: this.#limit.bytes }
    this.#log.log('info', `sink "${name}": the brokers take no batches so large`, fields)
    this.#limit.shrink()
    await disconnectProducer(this.#producer)
    this.#producer = this.#makeProducer()
    await this.open()
  }

  compressionRatio(): number {
    return this.#ratio.value
  }

  async close(): Promise<void> {
    this.#closing = true
    await disconnectProducer(this.#producer)
  }
}

function sizeOf({ key, value }: Undelivered): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
