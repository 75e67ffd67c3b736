import type { OutputBatch } from '../../contract/index.ts'
import { changeHeaders } from '../sent-headers.ts'
import { type ProduceListener, type ProduceSettings, RawProducer } from '../produce/raw-producer.ts'
import { encodeHeaders, NO_HEADERS, PackedHeaders } from '../produce/record-headers.ts'
import type { SinkProducer, SinkProducerListener } from './sink-producer.ts'

/** By the character code of the change. */
const headersOfChanges = new Map(
  ['c', 'u', 'd'].map(op => op.charCodeAt(0)).map(op => [op, encodeHeaders(changeHeaders(op))])
)

/** Records through connections of our own. */
export class OwnProducer implements SinkProducer {
  readonly #listener: SinkProducerListener
  readonly #producer: RawProducer
  readonly #packed = new PackedHeaders()

  private constructor(producer: RawProducer, listener: SinkProducerListener) {
    this.#producer = producer
    this.#listener = listener
  }

  /** Rejects where no broker speaks the protocol as we do. */
  static async open(
    settings: ProduceSettings,
    listener: SinkProducerListener,
    connected: ProduceListener['connected']
  ): Promise<OwnProducer> {
    const producer = await RawProducer.open(settings, {
      lost: (error, record) => listener.lost(error, record, null),
      connected
    })
    return new OwnProducer(producer, listener)
  }

  async send(batch: OutputBatch): Promise<void> {
    if (this.#listener.isVain()) return
    const { op, bytes, headers } = batch
    await this.#producer.send(batch, record =>
      headers === null
        ? (headersOfChanges.get(op[record]!) ?? NO_HEADERS)
        : this.#packed.encode(bytes, headers[record]!)
    )
  }

  flush(): Promise<void> {
    return this.#producer.flush()
  }

  compressionRatio(): number {
    const { plain, packed } = this.#producer.sent
    return plain === 0 ? 1 : packed / plain
  }

  close(): Promise<void> {
    this.#producer.close()
    return Promise.resolve()
  }
}
