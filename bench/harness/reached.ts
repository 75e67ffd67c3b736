import { setTimeout as sleep } from 'node:timers/promises'
import type { MeasuredProcess } from './measured-process.ts'

/** Resolves when so many records are consumed, with how many they are by then. */
export async function reached(
  process: MeasuredProcess,
  wanted: number,
  consumed: () => Promise<number>
): Promise<number> {
  for (;;) {
    const records = await consumed()
    process.requireRunning()
    if (records >= wanted) return records
    await sleep(20)
  }
}
