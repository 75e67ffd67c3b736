import type { SlicedWindows } from '../contract/index.ts'
import { inRange } from '../sql/date-trunc.ts'
import { atSite } from './at-site.ts'

/**
 * In how many windows a time is. Throws a SqlFailure where what is told of one is no TIMESTAMP: `earliest` and `latest` are how many
 * ms behind the end of a window the first and the last of it is.
 */
export function windowsOf(
  windows: SlicedWindows,
  time: number,
  earliest: number,
  latest: number,
  site: number
): number {
  try {
    const first = windows.firstEnd(time)
    const last = windows.lastEnd(time)
    inRange(first + earliest)
    inRange(last + latest)
    return (last - first) / windows.step + 1
  } catch (error) {
    throw atSite(error, site)
  }
}

/** How many windows that a time is in end here or earlier. */
export function windowsUpTo(windows: SlicedWindows, time: number, end: number): number {
  const first = windows.firstEnd(time)
  if (first > end) return 0
  return Math.floor((Math.min(end, windows.lastEnd(time)) - first) / windows.step) + 1
}
