import { setTimeout as sleep } from 'node:timers/promises'

/** Timers are not exact to less than this, in ms: rows that are due within it go at once. */
const STEP = 5
/** Who was held up catches up for so many ms, and does not make more good. */
const CATCH_UP = 200

export interface Pace {
  /** Resolves when the next row may go, or none is wanted any more. */
  next(unwanted?: AbortSignal): Promise<void>
}

/** Lets `rate` rows through per second, evenly; null: as fast as they come. */
export function makePace(rate: number | null): Pace {
  if (rate === null) return { next: () => Promise.resolve() }
  const interval = 1000 / rate
  let due = performance.now()
  return {
    async next(unwanted) {
      const early = due - performance.now()
      if (early > STEP) await rest(early, unwanted)
      else if (early < -CATCH_UP) due = performance.now() - CATCH_UP
      due += interval
    }
  }
}

async function rest(ms: number, unwanted: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, unwanted && { signal: unwanted })
  } catch (error) {
    if (!unwanted?.aborted) throw error
  }
}
