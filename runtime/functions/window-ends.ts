import { DAY } from '../sql/calendar.ts'
import { inRange } from '../sql/date-trunc.ts'
import type { Interval } from '../sql/interval.ts'
import { ValueError } from '../sql/value-error.ts'
import { atSite } from './at-site.ts'

/** A time that is in more windows than that is in them by mistake. */
const MOST_WINDOWS = 10_000

/** The ends of the windows of a HOP that a time is in, ascending; one NULL for no time. */
export function hopEnds(
  slide: Interval | null,
  size: Interval | null,
  time: number | null,
  offset: Interval | null,
  site: number
): readonly (number | null)[] | null {
  try {
    if (slide === null || size === null) return null
    if (time === null) return [null]
    const [step, width] = lengthsOf(slide, size)
    const shift = offset === null ? 0 : offset.days * DAY + offset.ms
    const ends: number[] = []
    for (let start = floorTo(time, step, shift); start > time - width; start -= step) {
      ends.push(inRange(start + width))
    }
    return ends.reverse()
  } catch (error) {
    throw atSite(error, site)
  }
}

/** The ends of the windows of a CUMULATE that a time is in, ascending; one NULL for no time. */
export function cumulateEnds(
  step: Interval | null,
  size: Interval | null,
  time: number | null,
  offset: Interval | null,
  site: number
): readonly (number | null)[] | null {
  try {
    if (step === null || size === null) return null
    if (time === null) return [null]
    const [length, width] = lengthsOf(step, size)
    const shift = offset === null ? 0 : offset.days * DAY + offset.ms
    const start = floorTo(time, width, shift)
    const ends: number[] = []
    const first = start + (Math.floor((time - start) / length) + 1) * length
    for (let end = first; end <= start + width; end += length) ends.push(inRange(end))
    return ends
  } catch (error) {
    throw atSite(error, site)
  }
}

function floorTo(time: number, step: number, shift: number): number {
  return Math.floor((time - shift) / step) * step + shift
}

function lengthsOf(step: Interval, size: Interval): readonly [step: number, size: number] {
  const lengths = [lengthOf(step), lengthOf(size)] as const
  if (lengths[1] / lengths[0] <= MOST_WINDOWS) return lengths
  throw new ValueError('too-many-windows', `a time is in more than ${MOST_WINDOWS} windows`)
}

function lengthOf({ months, days, ms }: Interval): number {
  const length = days * DAY + ms
  if (months === 0 && length > 0) return length
  throw new ValueError('invalid-interval', 'a window is as long as days and time above zero')
}
