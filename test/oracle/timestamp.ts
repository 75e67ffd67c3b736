import { type Decimal, parseDecimal } from './decimal.ts'

/** TIMESTAMP reaches from year 1 to 9999. */
const FIRST = -62135596800000
const LAST = 253402300799999

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/** Milliseconds since the epoch from ISO 8601; null where the text is none. Without a zone it is UTC. */
export function parseTimestamp(text: string): number | null {
  const match = PATTERN.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const date = parseDate(Number(year), Number(month), Number(day))
  const time = parseTime(
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
    fraction ?? ''
  )
  const offset = parseZone(zone)
  if (date === null || time === null || offset === null) return null
  return inRange(date + time - offset)
}

function parseDate(year: number, month: number, day: number): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  const date = new Date(0)
  // Date.UTC reads years below 100 as 19xx; the setter does not.
  return date.setUTCFullYear(year, month - 1, day)
}

/** Second 60 is a leap second and 24:00:00 the day's end, as in PostgreSQL. */
function parseTime(hour: number, minute: number, second: number, fraction: string): number | null {
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  if (minute > 59 || second > 60) return null
  return hour < 24 || time === 86_400_000 ? time : null
}

/** ISO 8601 with milliseconds, as it goes out. */
export function showTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}

const SECOND = 10n ** 11n
const MILLISECOND = 10n ** 14n
const MICROSECOND = 10n ** 17n

/** An epoch number to ms, cut off towards the past: the unit by magnitude, unless it is given. Null where out of range. */
export function epochToMs(text: string, unit: 's' | 'ms' | 'us' | 'ns' | null): number | null {
  const decimal = parseDecimal(text)
  if (decimal === null) return null
  const whole = decimal.unscaled / 10n ** BigInt(decimal.scale)
  const size = whole < 0n ? -whole : whole
  const chosen =
    unit ?? (size < SECOND ? 's' : size < MILLISECOND ? 'ms' : size < MICROSECOND ? 'us' : 'ns')
  const power = { s: 3, ms: 0, us: -3, ns: -6 }[chosen]
  return inRange(Number(floorShifted(decimal, power)))
}

/** The integer at or below value * 10^power. */
function floorShifted({ unscaled, scale }: Decimal, power: number): bigint {
  const by = power - scale
  if (by >= 0) return unscaled * 10n ** BigInt(by)
  const divisor = 10n ** BigInt(-by)
  const quotient = unscaled / divisor
  return unscaled % divisor < 0n ? quotient - 1n : quotient
}

function inRange(ms: number): number | null {
  return ms >= FIRST && ms <= LAST ? ms : null
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function parseZone(zone: string | undefined): number | null {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0
  if (hours > 15 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
