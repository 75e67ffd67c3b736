import type { ClientConfig } from './client-config.ts'

/** What the client sends at once, where nothing else is said: its own default. */
const USUAL = 1_000_000
/** Smaller batches are one record each: what is around a record takes more than another record would. */
const LEAST = 256

/**
 * How many bytes go into one batch. Brokers refuse whole batches, and tell neither what a topic takes nor which record is too
 * large; so batches become smaller until each record that is refused was the only one of its batch.
 */
export class BatchLimit {
  #bytes: number

  constructor(config: ClientConfig) {
    this.#bytes = Math.min(
      Number(config['batch.size'] ?? USUAL),
      Number(config['message.max.bytes'] ?? USUAL)
    )
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether a record of so many bytes is in a batch of its own: the client puts no other behind one that fills it. */
  isAlone(size: number): boolean {
    return size >= this.#bytes
  }

  /** Three times: from a megabyte to one record. */
  shrink(): void {
    const smaller = Math.floor(this.#bytes / 16)
    this.#bytes = smaller < LEAST ? 0 : smaller
  }

  /** Where the size of batches is not what they are refused for. */
  useOne(): void {
    this.#bytes = 0
  }

  config(): ClientConfig {
    return { 'batch.size': Math.max(1, this.#bytes) }
  }
}
