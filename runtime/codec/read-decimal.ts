import { castDecimal, type Decimal, makeDecimal, parseDecimal } from '../sql/decimal.ts'
import { ValueError } from '../sql/value-error.ts'
import { DOT, isDigit, isExponent, LOWER_N, MINUS, QUOTE, ZERO } from './ascii.ts'
import { Bad, bad } from './failure.ts'
import { misfit } from './read-number.ts'
import { skipNull, skipNumber } from './skip.ts'
import { asciiText } from './string.ts'

/**
 * DECIMAL: stores the exact number at `pos`, or null. A number in quotes is accepted, in JSON's spelling. With a precision
 * and scale (0 for a bare DECIMAL) the value is rounded to the scale, and out of range when it does not fit.
 */
export function readDecimal(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: (Decimal | null)[],
  slot: number,
  precision: number,
  scale: number
): number {
  const after = decimalEnd(bytes, pos, end)
  if (after < 0) return after
  if (bytes[pos] === LOWER_N) {
    out[slot] = null
    return after
  }
  const quoted = bytes[pos] === QUOTE ? 1 : 0
  const value = decimalOf(bytes, pos + quoted, after - quoted, precision, scale)
  if (value === null) return bad(Bad.outOfRange, pos)
  out[slot] = value
  return after
}

/**
 * DECIMAL, only copied: stores the range of the digits when they can be copied as they are; otherwise -2 and the value in
 * `out[slot]` (an exponent, more digits than the scale, or not the scale's zeros); -1 for null. `RecordWriter.decimalRange` writes the pair.
 */
export function rangeDecimal(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  at: number,
  out: (Decimal | null)[],
  slot: number,
  precision: number,
  scale: number
): number {
  const after = decimalEnd(bytes, pos, end)
  if (after < 0) return after
  if (bytes[pos] === LOWER_N) {
    range[at] = -1
    return after
  }
  const quoted = bytes[pos] === QUOTE ? 1 : 0
  if (isCopyable(bytes, pos + quoted, after - quoted, precision, scale)) {
    range[at] = pos + quoted
    range[at + 1] = after - quoted
    return after
  }
  const value = decimalOf(bytes, pos + quoted, after - quoted, precision, scale)
  if (value === null) return bad(Bad.outOfRange, pos)
  range[at] = -2
  out[slot] = value
  return after
}

/** The position after a number, with or without quotes, or null. */
function decimalEnd(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos]!
  if (byte === LOWER_N) return skipNull(bytes, pos, end)
  if (byte === MINUS || isDigit(byte)) return skipNumber(bytes, pos, end)
  if (byte !== QUOTE) return misfit(bytes, pos, end, Bad.wrongType)
  const after = skipNumber(bytes, pos + 1, end)
  return after >= 0 && after < end && bytes[after] === QUOTE
    ? after + 1
    : misfit(bytes, pos, end, Bad.wrongType)
}

/** Whether the text of the number is what a writer would print: no exponent, no -0, the column's scale. */
function isCopyable(
  bytes: Uint8Array,
  start: number,
  end: number,
  precision: number,
  scale: number
): boolean {
  let dot = end
  let zero = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (isExponent(byte)) return false
    if (byte === DOT) dot = i
    else if (byte !== ZERO && byte !== MINUS) zero = false
  }
  if (zero && bytes[start] === MINUS) return false
  const whole = dot - start - (bytes[start] === MINUS ? 1 : 0)
  const fraction = dot === end ? 0 : end - dot - 1
  if (precision === 0) return whole + fraction <= 38
  return fraction === scale && whole <= precision - scale
}

/** Null when the number does not fit. Up to 15 digits go through a number, which makes the bigint cheaper. */
function decimalOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  precision: number,
  scale: number
): Decimal | null {
  try {
    const value = shortDecimal(bytes, start, end) ?? parseDecimal(asciiText(bytes, start, end))
    if (value === null || precision === 0) return value
    return castDecimal(value, precision, scale)
  } catch (error) {
    if (error instanceof ValueError) return null
    throw error
  }
}

function shortDecimal(bytes: Uint8Array, start: number, end: number): Decimal | null {
  if (end - start > 16) return null
  let digits = 0
  let dot = end
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (isDigit(byte)) digits = digits * 10 + (byte - ZERO)
    else if (byte === DOT) dot = i
    else if (byte !== MINUS) return null
  }
  if (digits > Number.MAX_SAFE_INTEGER) return null
  return makeDecimal(
    BigInt(bytes[start] === MINUS ? -digits : digits),
    dot === end ? 0 : end - dot - 1
  )
}
