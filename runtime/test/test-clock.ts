import type { Clock } from '../contract/index.ts'

/** A clock that the test sets. Who sleeps wakes at once, and has slept. */
export interface TestClock extends Clock {
  /** Moves the clock to `time`, never back. */
  advance(time: number): void
}

export function makeTestClock(start: number): TestClock {
  let now = start
  return {
    now: () => now,
    elapsed: () => now,
    async sleep(ms) {
      now += ms
    },
    advance(time) {
      now = Math.max(now, time)
    }
  }
}
