import type { OutputBatch } from '../contract/index.ts'
import { Histogram, SECONDS } from './histogram.ts'

/** Records of a batch that stand for all of it. */
const PER_BATCH = 4

/**
 * How long records took from the time stamp of their input record to their acknowledgement. A few of each batch stand for the
 * others: looking at all of them would cost every record something.
 */
export class LatencySamples {
  readonly histogram = new Histogram(SECONDS)
  /** These two are emptied, not made anew: V8 would have to learn each time what a new one holds. */
  readonly #times: number[] = []
  readonly #weights: number[] = []

  /** A batch was sent. */
  take({ count, timestamp }: OutputBatch): void {
    const taken = Math.min(count, PER_BATCH)
    for (let k = 0; k < taken; k++) {
      const from = Math.floor((k * count) / taken)
      const to = Math.floor(((k + 1) * count) / taken)
      const time = timestamp[(from + to) >> 1]!
      // What windows and tables tell comes from no single record.
      if (time <= 0) continue
      this.#times.push(time)
      this.#weights.push(to - from)
    }
  }

  /** All that was sent is acknowledged. */
  acknowledged(now: number): void {
    this.#times.forEach((time, i) => {
      // Clocks of other machines may be ahead.
      this.histogram.observe(Math.max(0, now - time) / 1000, this.#weights[i])
    })
    this.discard()
  }

  /** What was sent will be sent again. */
  discard(): void {
    this.#times.length = 0
    this.#weights.length = 0
  }
}
