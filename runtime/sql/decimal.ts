import { ValueError } from './value-error.ts'

/** An exact number: unscaled / 10^scale. The scale is part of the value's text (1.50), not of its worth (1.5 equals 1.50). */
export interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

/** Digits that a DECIMAL can hold, before and after the point together. */
export const MAX_PRECISION = 38
const LIMIT = 10n ** 38n
/** PostgreSQL gives quotients, roots, powers and logarithms at least this many significant digits. */
export const MIN_SIGNIFICANT_DIGITS = 16

const powers: bigint[] = [1n]

/** 10^n, remembered. */
export function pow10(n: number): bigint {
  for (let i = powers.length; i <= n; i++) powers.push(powers[i - 1]! * 10n)
  return powers[n]!
}

export function makeDecimal(unscaled: bigint, scale: number): Decimal {
  return { unscaled, scale }
}

export function decimalFromInteger(value: number | bigint): Decimal {
  return makeDecimal(BigInt(value), 0)
}

/** As PostgreSQL casts: the shortest text of the double, rounded to 15 significant digits. */
export function decimalFromDouble(value: number): Decimal {
  if (!Number.isFinite(value))
    throw new ValueError('out-of-range', 'NaN and infinities are no DECIMAL')
  return parseDecimal(String(Number(value.toPrecision(15)))) ?? overflow()
}

const PATTERN = /^\s*([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?\s*$/

/** Text to decimal, by PostgreSQL's input rules; null if it is no number. More than 38 digits throws. */
export function parseDecimal(text: string): Decimal | null {
  const match = PATTERN.exec(text)
  if (match === null) return null
  const fraction = match[3] ?? match[4] ?? ''
  const digits = (match[2] ?? '') + fraction
  const exponent = Number(match[5] ?? 0)
  // Keeps 1e999999999 from building a number that is refused anyway.
  const significant = digits.replace(/^0+/, '').length
  if (significant > 0 && significant + exponent - fraction.length > MAX_PRECISION) overflow()
  let scale = fraction.length - exponent
  if (scale > 1000)
    return significant === 0 ? makeDecimal(0n, 0) : tooSmall(digits, match[1]!, scale)
  let unscaled = BigInt(digits)
  if (scale < 0) {
    unscaled = significant === 0 ? 0n : unscaled * pow10(-scale)
    scale = 0
  }
  return fit(match[1] === '-' ? -unscaled : unscaled, scale)
}

/** A number below every scale that fits rounds to zero. */
function tooSmall(digits: string, sign: string, scale: number): Decimal {
  const kept = digits.length - (scale - MAX_PRECISION)
  if (kept < 0) return makeDecimal(0n, MAX_PRECISION)
  const unscaled = roundDivide(BigInt(digits), pow10(scale - MAX_PRECISION))
  return makeDecimal(sign === '-' ? -unscaled : unscaled, MAX_PRECISION)
}

/** A literal of the script, which the compiler has checked. */
export function decimalConstant(digits: string): Decimal {
  const value = parseDecimal(digits)
  if (value === null) throw new Error(`${digits} is no decimal`)
  return value
}

/** The digits with a point, never an exponent: 1.50 stays 1.50. */
export function formatDecimal(value: Decimal): string {
  const { unscaled, scale } = value
  if (scale === 0) return unscaled.toString()
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

export function addDecimal(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return fit(a.unscaled + b.unscaled, a.scale)
  const scale = Math.max(a.scale, b.scale)
  return fit(atScale(a, scale) + atScale(b, scale), scale)
}

export function subtractDecimal(a: Decimal, b: Decimal): Decimal {
  return addDecimal(a, negateDecimal(b))
}

export function multiplyDecimal(a: Decimal, b: Decimal): Decimal {
  return fit(a.unscaled * b.unscaled, a.scale + b.scale)
}

/** The quotient with PostgreSQL's scale: at least 16 significant digits and both operands' scales, rounded half away from zero. */
export function divideDecimal(a: Decimal, b: Decimal): Decimal {
  if (b.unscaled === 0n) throw new ValueError('division-by-zero', 'division by zero')
  const scale = quotientScale(a, b)
  const shift = scale - a.scale + b.scale
  return shift >= 0
    ? fit(roundDivide(a.unscaled * pow10(shift), b.unscaled), scale)
    : fit(roundDivide(a.unscaled, b.unscaled * pow10(-shift)), scale)
}

/** The rest of a truncating division, with the sign of `a`. */
export function remainderDecimal(a: Decimal, b: Decimal): Decimal {
  if (b.unscaled === 0n) throw new ValueError('division-by-zero', 'division by zero')
  const scale = Math.max(a.scale, b.scale)
  return fit(atScale(a, scale) % atScale(b, scale), scale)
}

/** PostgreSQL counts in groups of four digits, so the scale depends on the weight of the first group (select_div_scale). */
function quotientScale(a: Decimal, b: Decimal): number {
  const [weightA, firstA] = leadingGroup(a)
  const [weightB, firstB] = leadingGroup(b)
  const weight = weightA - weightB - (firstA <= firstB ? 1 : 0)
  return Math.max(MIN_SIGNIFICANT_DIGITS - weight * 4, a.scale, b.scale, 0)
}

/** The exponent of 10000 and the value of the first group of four digits that is not zero. */
function leadingGroup(value: Decimal): readonly [weight: number, group: number] {
  if (value.unscaled === 0n) return [0, 0]
  const digits = absolute(value.unscaled).toString()
  const exponent = digits.length - value.scale - 1
  const weight = Math.floor(exponent / 4)
  const length = exponent - weight * 4 + 1
  return [weight, Number(digits.slice(0, length).padEnd(length, '0'))]
}

/** -1, 0 or 1. */
export function compareDecimal(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const x = atScale(a, scale)
  const y = atScale(b, scale)
  return x < y ? -1 : x > y ? 1 : 0
}

export function negateDecimal(value: Decimal): Decimal {
  return makeDecimal(-value.unscaled, value.scale)
}

export function absDecimal(value: Decimal): Decimal {
  return value.unscaled < 0n ? negateDecimal(value) : value
}

/** Rounds half away from zero; a negative scale rounds before the point. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return fit(atScale(value, scale), scale)
  const unscaled = roundDivide(value.unscaled, pow10(value.scale - scale))
  return scale >= 0 ? makeDecimal(unscaled, scale) : fit(unscaled * pow10(-scale), 0)
}

/** Drops digits after `scale`, towards zero. */
export function truncateDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return fit(atScale(value, scale), scale)
  const unscaled = value.unscaled / pow10(value.scale - scale)
  return scale >= 0 ? makeDecimal(unscaled, scale) : fit(unscaled * pow10(-scale), 0)
}

/** CAST to DECIMAL(precision, scale): rounds, then throws when the digits before the point don't fit. */
export function castDecimal(value: Decimal, precision: number, scale: number): Decimal {
  const rounded =
    scale >= value.scale
      ? makeDecimal(atScale(value, scale), scale)
      : makeDecimal(roundDivide(value.unscaled, pow10(value.scale - scale)), scale)
  if (absolute(rounded.unscaled) >= pow10(precision))
    throw new ValueError('out-of-range', `the number does not fit DECIMAL(${precision}, ${scale})`)
  return rounded
}

/** The nearest double. */
export function decimalToDouble(value: Decimal): number {
  return Number(formatDecimal(value))
}

/** The nearest integer, half away from zero. */
export function decimalToInteger(value: Decimal): bigint {
  return value.scale === 0 ? value.unscaled : roundDivide(value.unscaled, pow10(value.scale))
}

function atScale(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.unscaled : value.unscaled * pow10(scale - value.scale)
}

export function roundDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  const rest = absolute(a % b)
  if (rest * 2n < absolute(b)) return quotient
  return a < 0n !== b < 0n ? quotient - 1n : quotient + 1n
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** A result of more than 38 digits gives up digits after the point first; without any it is out of range. */
export function fit(unscaled: bigint, scale: number): Decimal {
  if (absolute(unscaled) < LIMIT && scale <= MAX_PRECISION) return makeDecimal(unscaled, scale)
  const excess = Math.max(
    absolute(unscaled).toString().length - MAX_PRECISION,
    scale - MAX_PRECISION
  )
  if (excess > scale) return overflow()
  const rounded = roundDivide(unscaled, pow10(excess))
  // Rounding 999..9.5 up makes one digit more.
  return absolute(rounded) < LIMIT
    ? makeDecimal(rounded, scale - excess)
    : fit(rounded, scale - excess)
}

function overflow(): never {
  throw new ValueError('out-of-range', 'the number has more than 38 digits')
}
