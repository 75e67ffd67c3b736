import type { Snapshot } from '../observe/snapshot.ts'

/** What a count has grown by, per second; null: there is no earlier one, or it began anew. */
export function rateOf(now: Snapshot, before: Snapshot, count: number, was: number): number | null {
  const seconds = (now.now - before.now) / 1000
  return seconds <= 0 || count < was || now.started !== before.started
    ? null
    : (count - was) / seconds
}
