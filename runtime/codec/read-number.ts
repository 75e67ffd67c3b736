import { arenaBytes } from './arena.ts'
import { DOT, isDigit, isExponent, LOWER_N, MINUS, QUOTE, ZERO } from './ascii.ts'
import { Bad, bad } from './failure.ts'
import { REST, scanPlainInteger } from './scan.ts'
import { skipNull, skipNumber, skipValue } from './skip.ts'
import { asciiText } from './string.ts'

/** 10^0 .. 10^22: the powers of ten that a double holds exactly. */
export const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

const MIN_BIGINT = -(2n ** 63n)
const MAX_BIGINT = 2n ** 63n - 1n

/** Cold: `reason`, unless the value at `pos` is not even JSON. */
export function misfit(bytes: Uint8Array, pos: number, end: number, reason: number): number {
  const after = skipValue(bytes, pos, end)
  return after < 0 ? after : bad(reason, pos)
}

/**
 * DOUBLE: stores the number at `pos`, correctly rounded, or NaN for null. Numbers of at most 15 digits without an exponent
 * cost no allocation; the others go through `Number`. 1e400 is out of range, 1e-400 is 0.
 */
export function readDouble(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const negative = bytes[pos] === MINUS
  const first = negative ? pos + 1 : pos
  let at = first
  let digits = 0
  while (at < end) {
    const digit = bytes[at]! - ZERO
    if (digit >>> 0 > 9) break
    digits = digits * 10 + digit
    at++
  }
  if (at === first) return nullOr(bytes, pos, end, out, slot)
  if (bytes[first] === ZERO && at - first > 1) return bad(Bad.malformed, first)
  let scale = 0
  if (at < end && bytes[at] === DOT) {
    const fraction = ++at
    while (at < end) {
      const digit = bytes[at]! - ZERO
      if (digit >>> 0 > 9) break
      digits = digits * 10 + digit
      at++
    }
    scale = at - fraction
    if (scale === 0) return bad(at < end ? Bad.malformed : Bad.truncated, at)
  }
  // Up to 15 digits and a power of ten up to 22 are exact doubles, so that one division rounds once.
  if (at - first > (scale === 0 ? 15 : 16) || (at < end && isExponent(bytes[at]!)))
    return readLongDouble(bytes, pos, end, out, slot)
  const value = scale === 0 ? digits : digits / POWERS[scale]!
  out[slot] = negative ? -value : value
  return at
}

function readLongDouble(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  const after = skipNumber(bytes, pos, end)
  if (after < 0) return after
  const value = Number(asciiText(bytes, pos, after))
  if (!Number.isFinite(value)) return bad(Bad.outOfRange, pos)
  out[slot] = value
  return after
}

/** null stores NaN, which no JSON number can be; anything else is the wrong type. */
function nullOr(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (bytes[pos] !== LOWER_N) return misfit(bytes, pos, end, Bad.wrongType)
  out[slot] = NaN
  return skipNull(bytes, pos, end)
}

/** INT: stores an integer of 32 bits, or NaN for null. 1.0 and 1e3 are not written as integers: bad records. */
export function readInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const negative = bytes[pos] === MINUS
  const first = negative ? pos + 1 : pos
  let at = first
  let value = 0
  while (at < end) {
    const digit = bytes[at]! - ZERO
    if (digit >>> 0 > 9) break
    value = value * 10 + digit
    at++
  }
  if (at === first) return nullOr(bytes, pos, end, out, slot)
  const fault = integerFault(bytes, pos, first, at, end)
  if (fault !== 0) return fault
  if (value > (negative ? 0x80000000 : 0x7fffffff)) return bad(Bad.outOfRange, pos)
  out[slot] = negative ? 0 - value : value
  return at
}

/**
 * BIGINT: stores a number while it is a safe integer; beyond, Infinity with the exact bigint in `wide[slot]`; NaN for null.
 * Digits in quotes are accepted, without escapes. `bigintAt` reads the pair.
 */
export function readBigInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  wide: (bigint | null)[],
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const start = bytes[pos] === QUOTE ? pos + 1 : pos
  const negative = start < end && bytes[start] === MINUS
  const first = negative ? start + 1 : start
  let at = first
  let value = 0
  while (at < end) {
    const digit = bytes[at]! - ZERO
    if (digit >>> 0 > 9) break
    value = value * 10 + digit
    at++
  }
  const after = integerEnd(bytes, pos, first, at, end)
  if (after < 0) return after
  if (at === first) {
    out[slot] = NaN
    return after
  }
  if (at - first <= 15) out[slot] = negative ? 0 - value : value
  else if (!storeWide(BigInt(asciiText(bytes, start, at)), out, wide, slot))
    return bad(Bad.outOfRange, pos)
  return after
}

function storeWide(
  value: bigint,
  out: Float64Array,
  wide: (bigint | null)[],
  slot: number
): boolean {
  if (value < MIN_BIGINT || value > MAX_BIGINT) return false
  const near = Number(value)
  if (Number.isSafeInteger(near)) out[slot] = near
  else {
    out[slot] = Infinity
    wide[slot] = value
  }
  return true
}

/** The BIGINT that `readBigInt` stored. NULL is NaN: test for it before. */
export function bigintAt(
  out: Float64Array,
  wide: readonly (bigint | null)[],
  slot: number
): number | bigint {
  const near = out[slot]!
  return near === Infinity ? wide[slot]! : near
}

/** BIGINT: stores the range of the digits, without quotes and without the sign of -0; a start of -1 for null. */
export function rangeBigInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  if (bytes === arenaBytes) {
    const after = scanPlainInteger(pos, end)
    if (after !== REST) {
      range[slot] = pos
      range[slot + 1] = after
      return after
    }
  }
  if (pos >= end) return bad(Bad.truncated, end)
  const start = bytes[pos] === QUOTE ? pos + 1 : pos
  const negative = start < end && bytes[start] === MINUS
  const first = negative ? start + 1 : start
  let at = first
  while (at < end && isDigit(bytes[at]!)) at++
  const after = integerEnd(bytes, pos, first, at, end)
  if (after < 0) return after
  if (at - first > 18 && !fitsBigInt(bytes, start, at)) return bad(Bad.outOfRange, pos)
  range[slot] = at === first ? -1 : negative && bytes[first] === ZERO ? first : start
  range[slot + 1] = at
  return after
}

function fitsBigInt(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 20) return false
  const value = BigInt(asciiText(bytes, start, end))
  return value >= MIN_BIGINT && value <= MAX_BIGINT
}

/** INT: stores the range of the digits, or a start of -1 for null. */
export function rangeInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  const after = readInt(bytes, pos, end, int, 0)
  if (after < 0) return after
  range[slot] = int[0]! !== int[0]! ? -1 : int[0] === 0 ? after - 1 : pos
  range[slot + 1] = after
  return after
}
const int = new Float64Array(1)

/** DOUBLE: stores the range of the number as it is written, with all its digits; a start of -1 for null. */
export function rangeDouble(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos]!
  if (byte !== MINUS && !isDigit(byte)) {
    if (byte !== LOWER_N) return misfit(bytes, pos, end, Bad.wrongType)
    range[slot] = -1
    return skipNull(bytes, pos, end)
  }
  const after = skipNumber(bytes, pos, end)
  if (after < 0) return after
  if (!isFiniteNumber(bytes, pos, after)) return bad(Bad.outOfRange, pos)
  range[slot] = pos
  range[slot + 1] = after
  return after
}

/** Without an exponent, 308 digits are below the largest double. */
function isFiniteNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= 308) {
    let at = start
    while (at < end && !isExponent(bytes[at]!)) at++
    if (at === end) return true
  }
  return Number.isFinite(Number(asciiText(bytes, start, end)))
}

/** After the digits [first, at) of an integer: 0, or why they are none. */
function integerFault(
  bytes: Uint8Array,
  pos: number,
  first: number,
  at: number,
  end: number
): number {
  if (bytes[first] === ZERO && at - first > 1)
    return bytes[pos] === QUOTE
      ? misfit(bytes, pos, end, Bad.notInteger)
      : bad(Bad.malformed, first)
  if (at < end && (bytes[at] === DOT || isExponent(bytes[at]!)))
    return misfit(bytes, pos, end, Bad.notInteger)
  return 0
}

/** As `integerFault`, with quotes allowed; answers the position after the value. No digits at all: it was null. */
function integerEnd(
  bytes: Uint8Array,
  pos: number,
  first: number,
  at: number,
  end: number
): number {
  const quoted = bytes[pos] === QUOTE
  if (at === first) {
    if (bytes[pos] === LOWER_N) return skipNull(bytes, pos, end)
    return misfit(bytes, pos, end, quoted ? Bad.notInteger : Bad.wrongType)
  }
  const fault = integerFault(bytes, pos, first, at, end)
  if (fault !== 0) return fault
  if (!quoted) return at
  return at < end && bytes[at] === QUOTE ? at + 1 : misfit(bytes, pos, end, Bad.notInteger)
}
