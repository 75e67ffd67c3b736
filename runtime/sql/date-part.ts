import { DAY, dateFromDays, dayOfWeek, daysFromDate, isoWeek } from './calendar.ts'
import { addDecimal, type Decimal, divideDecimal, makeDecimal } from './decimal.ts'
import type { Interval } from './interval.ts'
import { ValueError } from './value-error.ts'

/** Fields of EXTRACT by every name, as the first. */
const names: Readonly<Record<string, string>> = {
  ...{ microseconds: 'microseconds', microsecond: 'microseconds', us: 'microseconds' },
  ...{ usec: 'microseconds', usecs: 'microseconds', useconds: 'microseconds' },
  ...{ milliseconds: 'milliseconds', millisecond: 'milliseconds', ms: 'milliseconds' },
  ...{ msec: 'milliseconds', msecs: 'milliseconds', mseconds: 'milliseconds' },
  ...{ second: 'second', seconds: 'second', sec: 'second', secs: 'second', s: 'second' },
  ...{ minute: 'minute', minutes: 'minute', min: 'minute', mins: 'minute', m: 'minute' },
  ...{ hour: 'hour', hours: 'hour', hr: 'hour', hrs: 'hour', h: 'hour' },
  ...{ day: 'day', days: 'day', d: 'day', week: 'week', weeks: 'week', w: 'week' },
  ...{ month: 'month', months: 'month', mon: 'month', mons: 'month' },
  ...{ quarter: 'quarter', qtr: 'quarter' },
  ...{ year: 'year', years: 'year', yr: 'year', yrs: 'year', y: 'year' },
  ...{ decade: 'decade', decades: 'decade', dec: 'decade', decs: 'decade' },
  ...{ century: 'century', centuries: 'century', cent: 'century', c: 'century' },
  ...{ millennium: 'millennium', millennia: 'millennium', mil: 'millennium', mils: 'millennium' },
  ...{ epoch: 'epoch', dow: 'dow', isodow: 'isodow', doy: 'doy', isoyear: 'isoyear' },
  ...{ julian: 'julian', jd: 'julian', j: 'julian' },
  ...{ timezone: 'timezone', timezone_hour: 'timezone_hour', timezone_minute: 'timezone_minute' }
}

/** The day number of 1970-01-01 from 4713 BC. */
const JULIAN_EPOCH = 2440588
const MONTHS_PER_YEAR = 12

/** A field's name as PostgreSQL's EXTRACT takes it, in the one spelling of this file; a ValueError if it is none. */
export function fieldName(field: string): string {
  const lower = field.toLowerCase()
  if (Object.hasOwn(names, lower)) return names[lower]!
  throw new ValueError('invalid-field', `there is no field ${JSON.stringify(field)} of a time`)
}

function notIn(field: string, type: string): never {
  throw new ValueError('invalid-field', `${type} has no field ${field}`)
}

/** A field of a DATE. A date has no time of day: its hour is an error, as in PostgreSQL. */
export function dateField(name: string, days: number): Decimal {
  const field = fieldName(name)
  if (field === 'epoch') return whole(days * (DAY / 1000))
  if (field === 'julian') return whole(days + JULIAN_EPOCH)
  return whole(calendarField(field, days) ?? notIn(field, 'DATE'))
}

/** A field of a TIMESTAMP; `zoned`: of a TIMESTAMPTZ, in UTC. */
export function timestampField(name: string, time: number, zoned: boolean): Decimal {
  const field = fieldName(name)
  const days = Math.floor(time / DAY)
  const ofDay = time - days * DAY
  if (field === 'epoch') return makeDecimal(BigInt(time) * 1000n, 6)
  if (field === 'julian') {
    const fraction = divideDecimal(whole(ofDay * 1000), whole(DAY * 1000))
    return addDecimal(whole(days + JULIAN_EPOCH), fraction)
  }
  if (zoned && field.startsWith('timezone')) return whole(0)
  const calendar = calendarField(field, days)
  if (calendar !== null) return whole(calendar)
  return clockField(field, ofDay) ?? notIn(field, zoned ? 'TIMESTAMPTZ' : 'TIMESTAMP')
}

/** A field of a TIME. */
export function timeField(name: string, time: number): Decimal {
  const field = fieldName(name)
  if (field === 'epoch') return makeDecimal(BigInt(time) * 1000n, 6)
  return clockField(field, time) ?? notIn(field, 'TIME')
}

/** A field of an INTERVAL: its own parts, not the totals; the epoch counts years of 365.25 days. */
export function intervalField(name: string, { months, days, ms }: Interval): Decimal {
  const field = fieldName(name)
  const years = Math.trunc(months / MONTHS_PER_YEAR)
  const ofYear = months % MONTHS_PER_YEAR
  switch (field) {
    case 'epoch': {
      // A year is 1461 quarters of a day: so everything stays whole.
      const quarters = BigInt(years * 1461 + (ofYear * 30 + days) * 4)
      return makeDecimal((quarters * BigInt(DAY / 4) + BigInt(ms)) * 1000n, 6)
    }
    case 'day':
      return whole(days)
    case 'month':
      return whole(ofYear)
    case 'quarter':
      return whole(Math.trunc(ofYear / 3) + 1)
    case 'hour':
      return whole(Math.trunc(ms / 3_600_000))
    case 'year':
    case 'decade':
    case 'century':
    case 'millennium':
      return whole(
        Math.trunc(years / { year: 1, decade: 10, century: 100, millennium: 1000 }[field])
      )
    default:
      return clockField(field, ms) ?? notIn(field, 'INTERVAL')
  }
}

function calendarField(field: string, days: number): number | null {
  switch (field) {
    case 'dow':
      return dayOfWeek(days)
    case 'isodow':
      return ((dayOfWeek(days) + 6) % 7) + 1
    case 'week':
      return isoWeek(days).week
    case 'isoyear':
      return isoWeek(days).year
    default:
      return dateFieldOf(field, days)
  }
}

function dateFieldOf(field: string, days: number): number | null {
  const { year, month, day } = dateFromDays(days)
  switch (field) {
    case 'day':
      return day
    case 'month':
      return month
    case 'year':
      return year
    case 'quarter':
      return Math.ceil(month / 3)
    case 'doy':
      return days - daysFromDate(year, 1, 1) + 1
    case 'decade':
      return Math.floor(year / 10)
    case 'century':
      return Math.ceil(year / 100)
    case 'millennium':
      return Math.ceil(year / 1000)
    default:
      return null
  }
}

/** Of milliseconds of a day, or of an interval: then they may be negative. */
function clockField(field: string, ms: number): Decimal | null {
  const ofMinute = ms % 60_000
  switch (field) {
    case 'hour':
      return whole(Math.trunc(ms / 3_600_000))
    case 'minute':
      return whole(Math.trunc(ms / 60_000) % 60)
    case 'second':
      return makeDecimal(BigInt(ofMinute) * 1000n, 6)
    case 'milliseconds':
      return makeDecimal(BigInt(ofMinute) * 1000n, 3)
    case 'microseconds':
      return whole(ofMinute * 1000)
    default:
      return null
  }
}

function whole(value: number): Decimal {
  return makeDecimal(BigInt(value), 0)
}
