import type { SqlType } from '../../../compiler/types/index.ts'
import { addDecimal, type Decimal, divideDecimal, showDecimal } from '../decimal.ts'
import { Failure } from '../failure.ts'
import { DAY, type Interval } from '../interval.ts'
import type { Value } from '../value.ts'
import type { CallTypes } from './entry.ts'

/** Every field by PostgreSQL's whole name. */
const ALIASES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:microseconds?|us|usecs?|useconds)$/, 'microseconds'],
  [/^(?:milliseconds?|ms|msecs?|mseconds)$/, 'milliseconds'],
  [/^(?:seconds?|secs?|s)$/, 'second'],
  [/^(?:minutes?|mins?|m)$/, 'minute'],
  [/^(?:hours?|hrs?|h)$/, 'hour'],
  [/^(?:days?|d)$/, 'day'],
  [/^(?:weeks?|w)$/, 'week'],
  [/^(?:months?|mons?)$/, 'month'],
  [/^(?:quarter|qtr)$/, 'quarter'],
  [/^(?:years?|yrs?|y)$/, 'year'],
  [/^(?:decades?|decs?)$/, 'decade'],
  [/^(?:century|centuries|cent|c)$/, 'century'],
  [/^(?:millennium|millennia|mils?)$/, 'millennium'],
  [/^(?:julian|jd|j)$/, 'julian'],
  [/^(?:epoch|dow|isodow|doy|isoyear|timezone|timezone_hour|timezone_minute)$/, '']
]

export function fieldName(field: string): string {
  const lower = field.toLowerCase()
  const found = ALIASES.find(([pattern]) => pattern.test(lower))
  if (found === undefined) throw noField(field)
  return found[1] || lower
}

export function noField(field: string): Failure {
  return new Failure('invalid-field', `no field ${field}`)
}

const whole = (value: number | bigint): Decimal => ({ unscaled: BigInt(value), scale: 0 })
/** Milliseconds as microseconds behind a point at `scale`. */
const micros = (ms: bigint, scale: number): Decimal => ({ unscaled: ms * 1000n, scale })

/** EXTRACT of whatever has fields. */
export function extract(
  [field, value]: readonly [string, Exclude<Value, null>],
  { types }: CallTypes
): Decimal {
  const name = fieldName(field)
  const found = fieldOf(name, value, types[1]!)
  if (found === null) throw noField(field)
  return found
}

export function datePart(args: readonly [string, Exclude<Value, null>], types: CallTypes): number {
  return Number(showDecimal(extract(args, types)))
}

function fieldOf(name: string, value: Exclude<Value, null>, type: SqlType): Decimal | null {
  switch (type.kind) {
    case 'Interval':
      return intervalField(name, value as Interval)
    case 'Time':
      return name === 'epoch'
        ? micros(BigInt(Number(value)), 6)
        : clockField(name, BigInt(Number(value)))
    case 'Date':
      return dateField(name, Number(value))
    default:
      return timestampField(name, BigInt(Number(value)), type.kind === 'TimestampTz')
  }
}

function dateField(name: string, days: number): Decimal | null {
  if (name === 'epoch') return whole(days * 86400)
  return name === 'julian' ? whole(days + 2440588) : calendarField(name, days)
}

function timestampField(name: string, ms: bigint, zoned: boolean): Decimal | null {
  const rest = ((ms % DAY) + DAY) % DAY
  const days = Number((ms - rest) / DAY)
  if (name === 'epoch') return micros(ms, 6)
  if (name === 'julian') {
    return addDecimal(whole(days + 2440588), divideDecimal(whole(rest * 1000n), whole(DAY * 1000n)))
  }
  if (zoned && name.startsWith('timezone')) return whole(0)
  return calendarField(name, days) ?? clockField(name, rest)
}

function calendarField(name: string, days: number): Decimal | null {
  const date = new Date(days * 86_400_000)
  const year = date.getUTCFullYear()
  const weekday = date.getUTCDay()
  // The Thursday of a week decides which year it belongs to.
  const thursday = new Date((days - ((weekday + 6) % 7) + 3) * 86_400_000)
  const values: Readonly<Record<string, number>> = {
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    year,
    quarter: Math.floor(date.getUTCMonth() / 3) + 1,
    doy: dayOfYear(date),
    dow: weekday,
    isodow: weekday || 7,
    isoyear: thursday.getUTCFullYear(),
    week: Math.ceil(dayOfYear(thursday) / 7),
    decade: Math.floor(year / 10),
    century: Math.floor((year + 99) / 100),
    millennium: Math.floor((year + 999) / 1000)
  }
  return name in values ? whole(values[name]!) : null
}

function dayOfYear(date: Date): number {
  const first = new Date(date)
  first.setUTCMonth(0, 1)
  return (date.getTime() - first.getTime()) / 86_400_000 + 1
}

function clockField(name: string, ms: bigint): Decimal | null {
  switch (name) {
    case 'hour':
      return whole(ms / 3_600_000n)
    case 'minute':
      return whole((ms / 60_000n) % 60n)
    case 'second':
      return micros(ms % 60_000n, 6)
    case 'milliseconds':
      return micros(ms % 60_000n, 3)
    case 'microseconds':
      return whole((ms % 60_000n) * 1000n)
    default:
      return null
  }
}

function intervalField(name: string, { months, days, ms }: Interval): Decimal | null {
  const years = months / 12n
  const values: Readonly<Record<string, bigint>> = {
    year: years,
    decade: years / 10n,
    century: years / 100n,
    millennium: years / 1000n,
    month: months % 12n,
    quarter: (months % 12n) / 3n + 1n,
    day: days
  }
  if (name in values) return whole(values[name]!)
  // A year has 365.25 days here.
  const quarterDays = years * 1461n + ((months % 12n) * 30n + days) * 4n
  return name === 'epoch' ? micros((quarterDays * DAY) / 4n + ms, 6) : clockField(name, ms)
}
