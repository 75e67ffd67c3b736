import { Failure } from './failure.ts'

/** unscaled / 10^scale. */
export interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

const LIMIT = 10n ** 38n

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'unscaled' in value
}

const MAX_SCALE = 38

/** A result of more than 38 digits gives up digits after the point; with none of them left it is out of range. */
export function makeDecimal(unscaled: bigint, scale: number): Decimal {
  if (magnitude(unscaled) < LIMIT && scale <= MAX_SCALE) return { unscaled, scale }
  if (scale <= 0) throw new Failure('out-of-range', 'more than 38 digits')
  const digits = magnitude(unscaled).toString().length
  const excess = Math.min(scale, Math.max(digits - MAX_SCALE, scale - MAX_SCALE))
  return makeDecimal(divideRounded(unscaled, 10n ** BigInt(excess)), scale - excess)
}

/** From digits with an optional fraction and exponent; null where the text is none. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole + fraction === '') return null
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const scale = fraction.length - Number(exponent)
  if (digits === 0n) return makeDecimal(0n, Math.max(0, Math.min(scale, MAX_SCALE)))
  // Powers of ten that nothing survives need not be computed.
  if (scale > 1000 + whole.length + fraction.length) return makeDecimal(0n, MAX_SCALE)
  if (scale < -MAX_SCALE) throw new Failure('out-of-range', 'more than 38 digits')
  return scale >= 0 ? makeDecimal(digits, scale) : makeDecimal(digits * 10n ** BigInt(-scale), 0)
}

export function showDecimal({ unscaled, scale }: Decimal): string {
  const digits = magnitude(unscaled)
    .toString()
    .padStart(scale + 1, '0')
  const split = digits.length - scale
  const sign = unscaled < 0n ? '-' : ''
  return sign + digits.slice(0, split) + (scale > 0 ? `.${digits.slice(split)}` : '')
}

/** To a scale, half away from zero; a negative scale rounds before the point. */
export function rescale(value: Decimal, to: number): Decimal {
  const { unscaled, scale } = exactScale(value, to)
  return scale >= 0
    ? makeDecimal(unscaled, scale)
    : makeDecimal(unscaled * 10n ** BigInt(-scale), 0)
}

/** As `rescale`, with as many digits as it takes. */
function exactScale({ unscaled, scale }: Decimal, to: number): Decimal {
  if (to >= scale) return { unscaled: unscaled * 10n ** BigInt(to - scale), scale: to }
  return { unscaled: divideRounded(unscaled, 10n ** BigInt(scale - to)), scale: to }
}

/** To DECIMAL(precision, scale): rounded, and out of range where whole digits do not fit. */
export function fitDecimal(
  value: Decimal,
  precision: number | null,
  scale: number | null
): Decimal {
  if (precision === null) return value
  const fitted = exactScale(value, scale ?? 0)
  if (magnitude(fitted.unscaled) >= 10n ** BigInt(precision)) {
    throw new Failure('out-of-range', `more than ${precision} digits`)
  }
  return fitted
}

export function compareDecimal(left: Decimal, right: Decimal): number {
  const scale = BigInt(Math.max(left.scale, right.scale))
  const a = left.unscaled * 10n ** (scale - BigInt(left.scale))
  const b = right.unscaled * 10n ** (scale - BigInt(right.scale))
  return a < b ? -1 : a > b ? 1 : 0
}

export function addDecimal(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return makeDecimal(exactScale(left, scale).unscaled + exactScale(right, scale).unscaled, scale)
}

export function negateDecimal(value: Decimal): Decimal {
  return { unscaled: -value.unscaled, scale: value.scale }
}

export function multiplyDecimal(left: Decimal, right: Decimal): Decimal {
  return makeDecimal(left.unscaled * right.unscaled, left.scale + right.scale)
}

export function divideDecimal(left: Decimal, right: Decimal): Decimal {
  if (right.unscaled === 0n) throw new Failure('division-by-zero', 'division by zero')
  const scale = quotientScale(left, right)
  const shift = scale - left.scale + right.scale
  const dividend = left.unscaled * 10n ** BigInt(Math.max(0, shift))
  const divisor = right.unscaled * 10n ** BigInt(Math.max(0, -shift))
  return makeDecimal(divideRounded(dividend, divisor), scale)
}

/** The sign is the dividend's. */
export function remainderDecimal(left: Decimal, right: Decimal): Decimal {
  if (right.unscaled === 0n) throw new Failure('division-by-zero', 'division by zero')
  const scale = Math.max(left.scale, right.scale)
  const a = left.unscaled * 10n ** BigInt(scale - left.scale)
  const b = right.unscaled * 10n ** BigInt(scale - right.scale)
  return makeDecimal(a % b, scale)
}

export function roundToInteger(value: Decimal): bigint {
  return exactScale(value, 0).unscaled
}

/** PostgreSQL's select_div_scale: at least 16 significant digits, counted in groups of four. */
function quotientScale(left: Decimal, right: Decimal): number {
  const a = leadingGroup(left)
  const b = leadingGroup(right)
  const weight = a.weight - b.weight - (a.group <= b.group ? 1 : 0)
  return Math.max(16 - weight * 4, left.scale, right.scale, 0)
}

/** The first non-zero group of four digits and its place, as PostgreSQL stores a numeric. */
function leadingGroup(value: Decimal): { weight: number; group: bigint } {
  if (value.unscaled === 0n) return { weight: 0, group: 0n }
  const padding = (4 - (value.scale % 4)) % 4
  const digits = (magnitude(value.unscaled) * 10n ** BigInt(padding)).toString()
  const groups = Math.ceil(digits.length / 4)
  const leading = digits.slice(0, digits.length - (groups - 1) * 4)
  return { weight: groups - 1 - (value.scale + padding) / 4, group: BigInt(leading) }
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = magnitude(dividend % divisor)
  if (rest * 2n < magnitude(divisor)) return quotient
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
