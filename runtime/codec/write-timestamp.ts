import { DAY, dateFromDays } from '../sql/calendar.ts'
import { COLON, DOT, MINUS, QUOTE, ZERO } from './ascii.ts'

/** Writes `"2026-01-31T12:34:56.789Z"` at `pos`, for years 0001 to 9999; 26 bytes. No Date, no string. */
export function writeIsoTimestamp(out: Uint8Array, pos: number, time: number): number {
  const days = Math.floor(time / DAY)
  const millis = time - days * DAY
  out[pos] = QUOTE
  writeDate(out, pos + 1, days)
  out[pos + 11] = 0x54
  writeClock(out, pos + 12, millis)
  writeMillis(out, pos + 20, millis % 1000)
  out[pos + 24] = 0x5a
  out[pos + 25] = QUOTE
  return pos + 26
}

/** Writes `"2026-01-31"` at `pos`; 12 bytes. */
export function writeIsoDate(out: Uint8Array, pos: number, days: number): number {
  out[pos] = QUOTE
  writeDate(out, pos + 1, days)
  out[pos + 11] = QUOTE
  return pos + 12
}

/** Writes `"12:34:56"` at `pos`, or `"12:34:56.789"` where there are milliseconds; at most 14 bytes. */
export function writeIsoTime(out: Uint8Array, pos: number, millis: number): number {
  out[pos] = QUOTE
  writeClock(out, pos + 1, millis)
  pos += 9
  const fraction = millis % 1000
  if (fraction !== 0) {
    writeMillis(out, pos, fraction)
    pos += 4
  }
  out[pos] = QUOTE
  return pos + 1
}

function writeDate(out: Uint8Array, pos: number, days: number): void {
  const { year, month, day } = dateFromDays(days)
  writeTwo(out, pos, Math.floor(year / 100))
  writeTwo(out, pos + 2, year % 100)
  out[pos + 4] = MINUS
  writeTwo(out, pos + 5, month)
  out[pos + 7] = MINUS
  writeTwo(out, pos + 8, day)
}

function writeClock(out: Uint8Array, pos: number, millis: number): void {
  writeTwo(out, pos, Math.floor(millis / 3_600_000))
  out[pos + 2] = COLON
  writeTwo(out, pos + 3, Math.floor(millis / 60_000) % 60)
  out[pos + 5] = COLON
  writeTwo(out, pos + 6, Math.floor(millis / 1000) % 60)
}

/** Writes `.789` at `pos`. */
export function writeMillis(out: Uint8Array, pos: number, fraction: number): void {
  out[pos] = DOT
  out[pos + 1] = ZERO + Math.floor(fraction / 100)
  writeTwo(out, pos + 2, fraction % 100)
}

function writeTwo(out: Uint8Array, pos: number, value: number): void {
  const tens = (value / 10) | 0
  out[pos] = ZERO + tens
  out[pos + 1] = ZERO + value - tens * 10
}
