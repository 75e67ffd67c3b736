import { type ProduceListener, RawProducer } from '../produce/raw-producer.ts'
import type { ClientConfig } from './client-config.ts'
import { produceSettings } from './produce-settings.ts'

/** A producer of our own for each topic that something is sent to. */
export class OwnProducers {
  readonly #config: ClientConfig
  readonly #listener: ProduceListener
  readonly #isWanted: boolean
  readonly #producers = new Map<string, Promise<RawProducer | null>>()

  constructor(config: ClientConfig, isWanted: boolean, listener: ProduceListener) {
    this.#config = config
    this.#isWanted = isWanted
    this.#listener = listener
  }

  /** Null: librdkafka has to do it. */
  openOwn(topic: string): Promise<RawProducer | null> {
    const existing = this.#producers.get(topic)
    if (existing !== undefined) return existing
    const opened = this.#open(topic)
    this.#producers.set(topic, opened)
    return opened
  }

  async #open(topic: string): Promise<RawProducer | null> {
    if (!this.#isWanted) return null
    const settings = await produceSettings(topic, this.#config)
    if (typeof settings === 'string') return null
    return RawProducer.open(settings, this.#listener).catch(() => null)
  }

  /** Resolves when all that was sent has arrived or is lost. */
  async flush(): Promise<void> {
    const producers = await Promise.all(this.#producers.values())
    await Promise.all(producers.map(async producer => producer?.flush()))
  }

  async close(): Promise<void> {
    const producers = await Promise.all(this.#producers.values())
    producers.forEach(producer => producer?.close())
  }
}
