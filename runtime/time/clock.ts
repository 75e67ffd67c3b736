import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../contract/index.ts'

/** The machine's clock. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms: number) => {
    await wait(ms)
  }
})
