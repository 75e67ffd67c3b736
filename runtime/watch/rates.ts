import type { ErrorSnapshot, Snapshot } from '../observe/snapshot.ts'

/** What a count has grown by, per second; null: there is no earlier one, or it began anew. */
export function rateOf(now: Snapshot, before: Snapshot, count: number, was: number): number | null {
  const seconds = (now.now - before.now) / 1000
  return seconds <= 0 || count < was || now.started !== before.started
    ? null
    : (count - was) / seconds
}

/** Errors per second, of one code at one place. */
export function errorRate(now: Snapshot, before: Snapshot, error: ErrorSnapshot): number | null {
  const was = before.errors.find(one => isSame(one, error))?.count ?? 0
  return rateOf(now, before, error.count, was)
}

function isSame(a: ErrorSnapshot, b: ErrorSnapshot): boolean {
  return (
    a.of === b.of &&
    a.side === b.side &&
    a.code === b.code &&
    a.place?.line === b.place?.line &&
    a.place?.column === b.place?.column
  )
}
