import { setTimeout as sleep } from 'node:timers/promises'
import { unpackHeaders } from '../../codec/index.ts'
import type { OutputBatch, SinkDefinition } from '../../contract/index.ts'
import { type KafkaNative } from '../../native/index.ts'
import { CHANGE_HEADER, sentHeaders } from '../sent-headers.ts'
import { type ClientConfig, errorCode } from './client-config.ts'
import { ANY_PARTITION, produceColumns } from './columns.ts'
import { CompressionRatio } from './compression-ratio.ts'
import { writeHeaders } from './headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import type { LostRecord } from '../produce/split-batch.ts'
import type { SinkProducer, SinkProducerListener } from './sink-producer.ts'
import type { Statistics } from './watch-connection.ts'

type Producer = InstanceType<KafkaNative['Producer']>

interface DeliveryReport {
  readonly key?: Uint8Array | string | null | undefined
  readonly value?: Uint8Array | null | undefined
  /** Packed; missing where there are none. */
  readonly headers?: Uint8Array
}

function reportedRecord({ key, value, headers }: DeliveryReport): LostRecord {
  return {
    key: key === null || key === undefined ? null : Buffer.from(key),
    value: value === null || value === undefined ? null : Buffer.from(value),
    headers: headers === undefined ? [] : unpackHeaders(headers, 0)
  }
}

/**
 * Records through librdkafka. Only failures are reported back by it (`delivery.report.only.error`), so a record that arrives costs
 * nothing here; `flush` is what says that all before it did.
 */
export class ClientProducer implements SinkProducer {
  /** Not connected yet. */
  readonly client: Producer
  readonly #sink: SinkDefinition
  readonly #listener: SinkProducerListener
  readonly #ratio: CompressionRatio
  #reports = 0

  constructor(
    { Producer }: KafkaNative,
    config: ClientConfig,
    sink: SinkDefinition,
    listener: SinkProducerListener
  ) {
    this.#sink = sink
    this.#listener = listener
    this.#ratio = new CompressionRatio(sink.topic)
    this.client = new Producer(config)
    this.client.on('delivery-report', (error, report: DeliveryReport) => {
      this.#reports++
      if (error) listener.lost(error, reportedRecord(report), null)
    })
  }

  learn(statistics: Statistics): void {
    this.#ratio.read(statistics)
  }

  async send(batch: OutputBatch): Promise<void> {
    const { topic } = this.#sink
    for (let next = 0; !this.#listener.isVain();) {
      next = produceColumns(this.client, topic, ANY_PARTITION, batch, next, CHANGE_HEADER)
      if (next === batch.count) return
      // It is sent by itself, to see why it was not taken.
      while (!this.#listener.isVain() && !this.#produce(batch, next)) await sleep(2)
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
    const headers = sentHeaders(batch, record)
    try {
      const list = writeHeaders(headers) as never
      this.client.produce(this.#sink.topic, null, value, key, null, undefined, list)
      return true
    } catch (error) {
      if (errorCode(error) === QUEUE_FULL) return false
      const from = { partition: batch.partition[record]!, offset: batch.offset[record]! }
      this.#listener.lost(error, { key, value, headers }, from)
      return true
    }
  }

  flush(): Promise<void> {
    return flushProducer(this.client, () => this.#reports)
  }

  compressionRatio(): number {
    return this.#ratio.value
  }

  close(): Promise<void> {
    return disconnectProducer(this.client)
  }
}
