import type { ErrorSnapshot, Snapshot } from '../observe/snapshot.ts'

/** What a count has grown by, per second; null: there is no earlier one, or it began anew. */
export function rateOf(now: Snapshot, before: Snapshot, count: number, was: number): number | null {
  const seconds = (now.now - before.now) / 1000
  return seconds <= 0 || count < was || now.started !== before.started
    ? null
    : (count - was) / seconds
}

/** Who works for more of the time has no room left. */
export const FULLY_BUSY = 0.95

/** How much of its time the busiest process has worked: each has one core for all but what clients and models do; null: nobody watches them. */
export function busyShare(now: Snapshot, before: Snapshot): number | null {
  const shares = now.processes.flatMap(({ process, busySeconds }) => {
    const was = before.processes.find(one => one.process === process)
    return was === undefined ? [] : (rateOf(now, before, busySeconds, was.busySeconds) ?? [])
  })
  return shares.length === 0 ? null : Math.min(1, Math.max(...shares))
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
