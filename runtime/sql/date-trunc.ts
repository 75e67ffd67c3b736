import { DAY, dateFromDays, dayOfWeek, daysFromDate, MIN_DATE } from './calendar.ts'
import { fieldName } from './date-part.ts'
import { type Interval, makeInterval } from './interval.ts'
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from './timestamp.ts'
import { fromLocal, type TimeZone, toLocal } from './time-zone.ts'
import { ValueError } from './value-error.ts'

const CLOCK: Readonly<Record<string, number>> = {
  microseconds: 1,
  milliseconds: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY
}
/** Months of a unit, and the year in which the first one of all began, as the calendar counts: centuries begin in year 1. */
const MONTHS: Readonly<Record<string, readonly [months: number, from: number]>> = {
  month: [1, 0],
  quarter: [3, 0],
  year: [12, 0],
  decade: [120, 0],
  century: [1200, 1],
  millennium: [12000, 1]
}

function noTrunc(field: string): ValueError {
  return new ValueError('invalid-field', `date_trunc takes no ${field} here`)
}

/** Where the unit begins that a TIMESTAMP is in. A decade that began before the year 1 is out of range. */
export function truncateTimestamp(unit: string, time: number): number {
  const field = fieldName(unit)
  const step = CLOCK[field]
  if (step !== undefined) return Math.floor(time / step) * step
  return truncateDays(field, Math.floor(time / DAY)) * DAY
}

/** Where the unit begins that a day is in; `field` is a week or longer. */
function truncateDays(field: string, days: number): number {
  if (field === 'week') return days - ((dayOfWeek(days) + 6) % 7)
  const unit = MONTHS[field]
  if (unit === undefined) throw noTrunc(field)
  const [months, from] = unit
  const { year, month } = dateFromDays(days)
  const index = (year - from) * 12 + month - 1
  const start = index - (index % months)
  const first = daysFromDate(Math.floor(start / 12) + from, (start % 12) + 1, 1)
  if (first < MIN_DATE) throw new ValueError('out-of-range', 'the result is before the year 1')
  return first
}

/** As `truncateTimestamp`, by the clocks of a time zone. */
export function truncateInZone(unit: string, instant: number, zone: TimeZone): number {
  return fromLocal(truncateTimestamp(unit, toLocal(instant, zone)), zone)
}

/** An INTERVAL without its parts below the unit. */
export function truncateInterval(unit: string, { months, days, ms }: Interval): Interval {
  const field = fieldName(unit)
  const unitMonths = MONTHS[field]
  if (unitMonths !== undefined) return makeInterval(months - (months % unitMonths[0]), 0, 0)
  const step = CLOCK[field]
  if (step === undefined) throw noTrunc(field)
  return makeInterval(months, days, step === DAY ? 0 : ms - (ms % step))
}

/** Where the stretch of time begins that a time is in, of stretches as long as `stride` from `origin` on. */
export function binTimestamp(stride: Interval, time: number, origin: number): number {
  if (stride.months !== 0) throw new ValueError('invalid-interval', 'a stride has no months')
  const step = stride.days * DAY + stride.ms
  if (step <= 0) throw new ValueError('invalid-interval', 'a stride is longer than nothing')
  return inRange(origin + Math.floor((time - origin) / step) * step)
}

/** The result of arithmetic on times; a ValueError outside of the years 1 to 9999. */
export function inRange(time: number): number {
  if (time >= MIN_TIMESTAMP && time <= MAX_TIMESTAMP) return time + 0
  throw new ValueError('out-of-range', 'the time is out of range: years are 1 to 9999')
}
