import type { Clock } from '../../runtime/contract/index.ts'

/** A clock that only moves when somebody sleeps: as fast as the machine, the same in every run. */
export function makeVirtualClock(start = Date.UTC(2026, 0, 1)): Clock {
  let now = start
  return {
    now: () => now,
    elapsed: () => now,
    async sleep(ms) {
      now += ms
    }
  }
}
