import { MAX_DATE, MIN_DATE } from '../sql/calendar.ts'
import { parseDate, parseTimeOfDay } from '../sql/timestamp.ts'
import { LOWER_N, QUOTE } from './ascii.ts'
import { Bad, bad } from './failure.ts'
import { misfit, readInt } from './read-number.ts'
import { skipNull, skipString } from './skip.ts'

/**
 * DATE: stores days since the epoch, or NaN for null. Takes `"2026-01-31"`, without escapes, or the days as an integer, as
 * Debezium sends them.
 */
export function readDate(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes[pos] !== QUOTE) return readDays(bytes, pos, end, out, slot)
  const after = skipString(bytes, pos, end)
  if (after < 0) return after
  const days = after - pos === 12 ? parseDate(bytes, pos + 1, after - 1) : NaN
  if (days !== days) return bad(Bad.date, pos)
  out[slot] = days
  return after
}

function readDays(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  const after = readInt(bytes, pos, end, out, slot)
  if (after < 0) return after
  const days = out[slot]!
  return days < MIN_DATE || days > MAX_DATE ? bad(Bad.date, pos) : after
}

/** TIME: stores milliseconds of the day, or NaN for null. Takes `"12:34:56.789"`, with less behind the hours and minutes, without escapes. */
export function readTime(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes[pos] === LOWER_N) {
    out[slot] = NaN
    return skipNull(bytes, pos, end)
  }
  if (bytes[pos] !== QUOTE) return misfit(bytes, pos, end, Bad.wrongType)
  const after = skipString(bytes, pos, end)
  if (after < 0) return after
  const time = parseTimeOfDay(bytes, pos + 1, after - 1)
  if (time !== time) return bad(Bad.time, pos)
  out[slot] = time
  return after
}
