import { DAY, daysFromDate, daysInMonth } from './calendar.ts'
import { ValueError } from './value-error.ts'

/** TIMESTAMP is milliseconds since the epoch, in UTC, between these two: years 0001 to 9999. */
export const MIN_TIMESTAMP = -62135596800000
export const MAX_TIMESTAMP = 253402300799999

export type TimestampUnit = 's' | 'ms' | 'us' | 'ns' | 'auto'

/** The number written in `count` digits at `pos`, or -1. */
function digitsAt(bytes: Uint8Array, pos: number, end: number, count: number): number {
  if (pos + count > end) return -1
  let value = 0
  for (let i = pos; i < pos + count; i++) {
    const digit = bytes[i]! - 0x30
    if (digit >>> 0 > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/**
 * ISO 8601 in [start, end): a date, or a date, `T` or a space and a time of day with optional seconds, fraction and zone
 * (Z, +02, +02:00, +0200). Without a zone it is UTC. A fraction finer than milliseconds is cut off. NaN if it is none.
 */
export function parseTimestamp(bytes: Uint8Array, start: number, end: number): number {
  const date = parseDate(bytes, start, end) * DAY
  if (start + 10 === end || Number.isNaN(date)) return date
  const separator = bytes[start + 10]! | 0x20
  if (separator !== 0x74 && separator !== 0x20) return NaN
  return inRange(date + parseTime(bytes, start + 11, end))
}

/** Days since the epoch of the date `2026-01-31` in the ten bytes at `start`; NaN if it is none. */
export function parseDate(bytes: Uint8Array, start: number, end: number): number {
  const year = digitsAt(bytes, start, end, 4)
  const month = digitsAt(bytes, start + 5, end, 2)
  const day = digitsAt(bytes, start + 8, end, 2)
  if (year < 1 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return NaN
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN
  return daysFromDate(year, month, day)
}

/** Where the seconds end that were read last. */
let secondsEnd = 0

/** Milliseconds of the day, less the zone's offset; NaN if it is no time of day. */
function parseTime(bytes: Uint8Array, pos: number, end: number): number {
  const hour = digitsAt(bytes, pos, end, 2)
  const minute = digitsAt(bytes, pos + 3, end, 2)
  if (hour < 0 || minute < 0 || minute > 59 || bytes[pos + 2] !== 0x3a) return NaN
  const time = hour * 3_600_000 + minute * 60_000 + parseSeconds(bytes, pos + 5, end)
  // 24:00:00 is midnight at the end of the day; nothing later exists.
  if (hour > 23 && time !== DAY) return NaN
  return secondsEnd === end ? time : time - parseZone(bytes, secondsEnd, end)
}

/** Milliseconds of `:ss` with an optional fraction at `pos`, 0 where there are none; NaN if they are wrong. */
function parseSeconds(bytes: Uint8Array, pos: number, end: number): number {
  secondsEnd = pos
  if (pos >= end || bytes[pos] !== 0x3a) return 0
  const second = digitsAt(bytes, pos + 1, end, 2)
  // 60 is a leap second: the next minute, as in PostgreSQL.
  if (second < 0 || second > 60) return NaN
  secondsEnd = pos + 3
  const isFraction = secondsEnd < end && (bytes[secondsEnd] === 0x2e || bytes[secondsEnd] === 0x2c)
  return second * 1000 + (isFraction ? parseFraction(bytes, secondsEnd + 1, end) : 0)
}

/** Whole milliseconds of the digits at `pos`; NaN if there are none. */
function parseFraction(bytes: Uint8Array, pos: number, end: number): number {
  const first = pos
  let time = 0
  let unit = 100
  while (pos < end && (bytes[pos]! - 0x30) >>> 0 < 10) {
    time += Math.trunc((bytes[pos]! - 0x30) * unit)
    unit = unit > 1 ? unit / 10 : 0
    pos++
  }
  secondsEnd = pos
  return pos === first ? NaN : time
}

/**
 * TIME in [start, end): `12:34`, `12:34:56` or `12:34:56.789`, with nothing behind it but a Z. Milliseconds of the day, of
 * which 24:00:00 is the last; NaN if it is none.
 */
export function parseTimeOfDay(bytes: Uint8Array, start: number, end: number): number {
  const last = end - 1
  const until = last > start && (bytes[last]! | 0x20) === 0x7a ? last : end
  const time = parseTime(bytes, start, until)
  return secondsEnd === until && time <= DAY ? time : NaN
}

/** The offset from UTC in milliseconds; NaN if it is no zone. */
function parseZone(bytes: Uint8Array, pos: number, end: number): number {
  const byte = bytes[pos]!
  if ((byte | 0x20) === 0x7a) return pos + 1 === end ? 0 : NaN
  if (byte !== 0x2b && byte !== 0x2d) return NaN
  const hours = digitsAt(bytes, pos + 1, end, 2)
  pos += 3
  if (hours < 0 || hours > 15) return NaN
  let minutes = 0
  if (pos < end) {
    if (bytes[pos] === 0x3a) pos++
    minutes = digitsAt(bytes, pos, end, 2)
    if (minutes < 0 || minutes > 59 || pos + 2 !== end) return NaN
  }
  return (byte === 0x2d ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function inRange(time: number): number {
  // Adding 0 turns -0 into 0.
  return time >= MIN_TIMESTAMP && time <= MAX_TIMESTAMP ? time + 0 : NaN
}

/**
 * An epoch number to milliseconds, by its magnitude (s < 1e11 <= ms < 1e14 <= us < 1e17 <= ns) or in the unit given; parts
 * of a millisecond are cut off downwards. Exact for numbers; a bigint where a double is too coarse. NaN out of range.
 */
export function timestampFromEpoch(value: number | bigint, unit: TimestampUnit): number {
  if (typeof value === 'bigint') return inRange(scaleBigInt(value, unit))
  const size = Math.abs(value)
  if (unit === 's' || (unit === 'auto' && size < 1e11)) {
    // Seconds with a fraction: 1706200000.123 is slightly off as a double, and rounding to microseconds heals it.
    return inRange(Math.floor(Math.round(value * 1e6) / 1e3))
  }
  if (unit === 'ms' || (unit === 'auto' && size < 1e14)) return inRange(Math.floor(value))
  if (unit === 'us' || (unit === 'auto' && size < 1e17)) return inRange(Math.floor(value / 1e3))
  return inRange(Math.floor(value / 1e6))
}

function scaleBigInt(value: bigint, unit: TimestampUnit): number {
  const size = value < 0n ? -value : value
  if (unit === 's' || (unit === 'auto' && size < 100_000_000_000n)) return Number(value) * 1000
  if (unit === 'ms' || (unit === 'auto' && size < 100_000_000_000_000n)) return Number(value)
  const divisor = unit === 'us' || (unit === 'auto' && size < 10n ** 17n) ? 1000n : 1_000_000n
  const quotient = value / divisor
  return Number(value % divisor < 0n ? quotient - 1n : quotient)
}

/** ISO 8601 with milliseconds and Z, as JSON output writes it. */
export function formatTimestamp(time: number): string {
  return new Date(time).toISOString()
}

/** Text to timestamp, for casts; throws a ValueError if it is none. */
export function timestampFromText(text: string): number {
  const bytes = new TextEncoder().encode(text.trim())
  const time = parseTimestamp(bytes, 0, bytes.length)
  if (Number.isNaN(time)) throw new ValueError('invalid-timestamp', 'the text is not a timestamp')
  return time
}
