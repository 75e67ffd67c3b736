const RANGE = 2 ** 32
/** Until small seeds have spread over the whole state. */
const WARM_UP = 12

/**
 * sfc32, seeded anew for each event, so that any event can be made without those before it. It computes in integers of 32
 * bits, which are the same on every machine.
 */
export class NexmarkRandom {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  /** `purpose` keeps apart what has the same number: an event from a channel. */
  seed(seed: number, purpose: number, number: number): void {
    this.#a = seed | 0
    this.#b = number | 0
    // Numbers beyond 32 bits would repeat the events before them.
    this.#c = (purpose ^ Math.floor(number / RANGE)) | 0
    this.#counter = 1
    for (let i = 0; i < WARM_UP; i++) this.#next()
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.#next() / RANGE) * limit)
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
