import { LOWER_N, QUOTE } from './ascii.ts'
import { parseTimestamp, timestampFromEpoch, type TimestampUnit } from '../sql/timestamp.ts'
import { Bad, bad } from './failure.ts'
import { readDouble } from './read-number.ts'
import { skipNull, skipNumber, skipString } from './skip.ts'
import { asciiText } from './string.ts'

/**
 * TIMESTAMP: stores milliseconds since the epoch, or NaN for null. Takes ISO 8601 in a string without escapes, or an epoch
 * number by magnitude or in `unit`. There is no range to copy: the output format is always ISO 8601 with milliseconds.
 */
export function readTimestamp(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number,
  unit: TimestampUnit
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos]!
  if (byte === QUOTE) return readIsoTimestamp(bytes, pos, end, out, slot)
  if (byte === LOWER_N) {
    out[slot] = NaN
    return skipNull(bytes, pos, end)
  }
  const after = readDouble(bytes, pos, end, out, slot)
  if (after < 0) return after
  const time = timestampFromEpoch(epochNumber(bytes, pos, after, out[slot]!), unit)
  if (time !== time) return bad(Bad.timestamp, pos)
  out[slot] = time
  return after
}

function readIsoTimestamp(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  const after = skipString(bytes, pos, end)
  if (after < 0) return after
  const time = parseTimestamp(bytes, pos + 1, after - 1)
  if (time !== time) return bad(Bad.timestamp, pos)
  out[slot] = time
  return after
}

/** Integers of 16 digits and more, such as nanoseconds, are read exactly: a double would round them into the next millisecond. */
function epochNumber(bytes: Uint8Array, pos: number, after: number, near: number): number | bigint {
  if (after - pos < 16 || Number.isSafeInteger(near) || !Number.isInteger(near)) return near
  const text = asciiText(bytes, pos, skipNumber(bytes, pos, after))
  return /[.eE]/.test(text) ? near : BigInt(text)
}
