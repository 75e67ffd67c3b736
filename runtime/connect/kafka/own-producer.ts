import type { OutputBatch } from '../../contract/index.ts'
import { type ProduceListener, type ProduceSettings, RawProducer } from '../produce/raw-producer.ts'
import { EncodedHeaders } from './encoded-headers.ts'
import type { SinkProducer, SinkProducerListener } from './sink-producer.ts'

/** Records through connections of our own. */
export class OwnProducer implements SinkProducer {
  readonly #listener: SinkProducerListener
  readonly #producer: RawProducer
  readonly #headers = new EncodedHeaders()

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
    await this.#producer.send(batch, record => this.#headers.of(batch, record))
  }

  flush(): Promise<void> {
    return this.#producer.flush()
  }

  compressionRatio(): number {
    return this.#producer.compressionRatio()
  }

  close(): Promise<void> {
    this.#producer.close()
    return Promise.resolve()
  }
}
