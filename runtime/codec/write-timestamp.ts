import { COLON, DOT, MINUS, QUOTE, ZERO } from './ascii.ts'

const DAY = 86_400_000

/** Writes `"2026-01-31T12:34:56.789Z"` at `pos`, for years 0001 to 9999; 26 bytes. No Date, no string. */
export function writeIsoTimestamp(out: Uint8Array, pos: number, time: number): number {
  const days = Math.floor(time / DAY)
  const millis = time - days * DAY
  // Howard Hinnant's civil_from_days: years begin in March.
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  out[pos] = QUOTE
  writeTwo(out, pos + 1, Math.floor(year / 100))
  writeTwo(out, pos + 3, year % 100)
  out[pos + 5] = MINUS
  writeTwo(out, pos + 6, month)
  out[pos + 8] = MINUS
  writeTwo(out, pos + 9, dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1)
  out[pos + 11] = 0x54
  writeTime(out, pos + 12, millis)
  out[pos + 24] = 0x5a
  out[pos + 25] = QUOTE
  return pos + 26
}

function writeTime(out: Uint8Array, pos: number, millis: number): void {
  writeTwo(out, pos, Math.floor(millis / 3_600_000))
  out[pos + 2] = COLON
  writeTwo(out, pos + 3, Math.floor(millis / 60_000) % 60)
  out[pos + 5] = COLON
  writeTwo(out, pos + 6, Math.floor(millis / 1000) % 60)
  out[pos + 8] = DOT
  const fraction = millis % 1000
  out[pos + 9] = ZERO + Math.floor(fraction / 100)
  writeTwo(out, pos + 10, fraction % 100)
}

function writeTwo(out: Uint8Array, pos: number, value: number): void {
  const tens = (value / 10) | 0
  out[pos] = ZERO + tens
  out[pos + 1] = ZERO + value - tens * 10
}
