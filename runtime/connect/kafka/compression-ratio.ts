import type { Statistics } from './watch-connection.ts'

/** Compressed bytes divided by bytes before, of one topic of a producer. */
export class CompressionRatio {
  readonly #topic: string
  #before = 0
  #after = 0

  constructor(topic: string) {
    this.#topic = topic
  }

  // `batchsize` is of the batches sent since the last report, after compression; `txbytes` counts up, before it.
  read({ topics }: Statistics): void {
    const topic = topics[this.#topic]
    if (topic === undefined) return
    const before = Object.values(topic.partitions).reduce((sum, { txbytes }) => sum + txbytes, 0)
    // A new producer counts from zero.
    if (before < this.#before) this.#after = 0
    this.#before = before
    this.#after += topic.batchsize.sum
  }

  /** 1 while nothing is known. */
  get value(): number {
    return this.#before === 0 ? 1 : this.#after / this.#before
  }
}
