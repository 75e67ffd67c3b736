import { setTimeout as sleep } from 'node:timers/promises'
import type {
  OutputBatch,
  RecordHeader,
  SinkConnection,
  SinkDefinition,
  SinkListener
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { CHANGE_HEADER, changeHeaders } from '../change-headers.ts'
import { type ClientConfig, errorCode, errorText } from './client-config.ts'
import { ANY_PARTITION, produceColumns } from './columns.ts'
import { CompressionRatio } from './compression-ratio.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { unpackHeaders, writeHeaders } from './headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { isRecordsFault, isTooLarge, refusalCode } from './refusal.ts'
import { requireTopic } from './require-topic.ts'
import { sinkConfig } from './sink-config.ts'
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
  const connection = new KafkaSink(native, config, sink, listener)
  try {
    await connection.open(log)
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

interface UnsentRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

interface ReportedRecord extends UnsentRecord {
  readonly headers: readonly RecordHeader[]
}

function reportedRecord({ key, value, headers }: DeliveryReport): ReportedRecord {
  return {
    key: key === null || key === undefined ? null : Buffer.from(key),
    value: value === null || value === undefined ? null : Buffer.from(value),
    headers: headers === undefined ? [] : unpackHeaders(headers, 0)
  }
}

class KafkaSink implements SinkConnection {
  readonly #producer: Producer
  readonly #native: KafkaNative
  readonly #config: ClientConfig
  readonly #sink: SinkDefinition
  readonly #listener: SinkListener
  /** Of batches that were too large as a whole. */
  #alone: ReportedRecord[] = []
  #closing = false
  /** Nothing can be sent any more; the listener knows. */
  #broken = false
  #reports = 0
  readonly #ratio: CompressionRatio

  constructor(
    native: KafkaNative,
    config: ClientConfig,
    sink: SinkDefinition,
    listener: SinkListener
  ) {
    this.#native = native
    this.#config = config
    this.#sink = sink
    this.#listener = listener
    this.#ratio = new CompressionRatio(sink.topic)
    this.#producer = new native.Producer(config)
    this.#producer.on('delivery-report', (error, report: DeliveryReport) => {
      this.#reports++
      if (!error) return
      const record = reportedRecord(report)
      // The broker refuses whole batches: which of the records is too large shows only one by one.
      if (isTooLarge(error)) this.#alone.push(record)
      else this.#failed(error, record, null)
    })
  }

  async open(log: Logger): Promise<void> {
    const { brokers, name } = this.#sink
    const { connected } = this.#listener
    watchConnection(this.#producer, `sink "${name}"`, log, connected, statistics =>
      this.#ratio.read(statistics)
    )
    await connectClient(this.#producer, brokers)
    this.#producer.setPollInBackground(true)
    await requireTopic(this.#sink, topic => topicPartitions(this.#producer, topic))
  }

  async send(batch: OutputBatch): Promise<void> {
    const { topic } = this.#sink
    for (let next = 0; !this.#broken;) {
      next = produceColumns(this.#producer, topic, ANY_PARTITION, batch, next, CHANGE_HEADER)
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
      this.#failed(error, { key, value }, from)
      return true
    }
  }

  #failed(
    error: unknown,
    { key, value }: UnsentRecord,
    from: { readonly partition: number; readonly offset: number } | null
  ): void {
    if (this.#closing) return
    const { name } = this.#sink
    if (!isRecordsFault(error)) {
      this.#broken = true
      this.#listener.failed(new EnvironmentError(`sink "${name}": ${errorText(error)}`))
      return
    }
    this.#listener.refused({
      key: key === null ? null : Uint8Array.from(key),
      value: value === null ? null : Uint8Array.from(value),
      from,
      code: refusalCode(error),
      message: errorText(error)
    })
  }

  async flush(): Promise<void> {
    await flushProducer(this.#producer, () => this.#reports)
    if (this.#alone.length > 0) await this.#sendAlone(this.#alone.splice(0))
  }

  /** One request per record: the ones that are really too large are refused, the others arrive, a little late. */
  async #sendAlone(records: readonly ReportedRecord[]): Promise<void> {
    const producer = new this.#native.Producer({
      ...this.#config,
      'batch.num.messages': 1,
      'linger.ms': 0,
      'statistics.interval.ms': 0
    })
    let reports = 0
    producer.on('delivery-report', (error, report: DeliveryReport) => {
      reports++
      if (error) this.#failed(error, reportedRecord(report), null)
    })
    await connectClient(producer, this.#sink.brokers)
    producer.setPollInBackground(true)
    for (const { key, value, headers } of records) {
      const written = writeHeaders(headers) as never
      producer.produce(this.#sink.topic, null, value, key, null, undefined, written)
    }
    await flushProducer(producer, () => reports)
    await disconnectProducer(producer)
  }

  compressionRatio(): number {
    return this.#ratio.value
  }

  async close(): Promise<void> {
    this.#closing = true
    await disconnectProducer(this.#producer)
  }
}
