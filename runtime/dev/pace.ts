import { setTimeout as sleep } from 'node:timers/promises'

/** Timers are not exact to less than this, in ms: rows that are due within it go at once. */
const STEP = 5
/** Who was held up catches up for so many ms, and does not make more good. */
const CATCH_UP = 200

export interface Pace {
  /** Resolves when the next row may go. */
  next(): Promise<void>
}

/** Lets `rate` rows through per second, evenly; null: as fast as they come. */
export function makePace(rate: number | null): Pace {
  if (rate === null) return { next: () => Promise.resolve() }
  const interval = 1000 / rate
  let due = performance.now()
  return {
    async next() {
      const early = due - performance.now()
      if (early > STEP) await sleep(early)
      else if (early < -CATCH_UP) due = performance.now() - CATCH_UP
      due += interval
    }
  }
}
