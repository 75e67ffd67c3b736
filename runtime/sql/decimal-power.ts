import {
  type Decimal,
  fit,
  makeDecimal,
  MAX_PRECISION,
  MIN_SIGNIFICANT_DIGITS,
  pow10,
  roundDivide
} from './decimal.ts'
import { ValueError } from './value-error.ts'

/** The power of ten of the first digit that is not zero; 0 for zero. */
export function leadingExponent({ unscaled, scale }: Decimal): number {
  if (unscaled === 0n) return 0
  return (unscaled < 0n ? -unscaled : unscaled).toString().length - scale - 1
}

/**
 * How many digits after the point a result gets that is about 10^exponent: `wanted`, PostgreSQL's choice, unless a
 * DECIMAL has no room for them.
 */
export function resultScale(wanted: number, exponent: number): number {
  return Math.max(0, Math.min(wanted, MAX_PRECISION, MAX_PRECISION - 1 - exponent))
}

/** The square root, rounded exactly to PostgreSQL's scale: at least 16 significant digits. */
export function sqrtDecimal(value: Decimal): Decimal {
  if (value.unscaled < 0n) {
    throw new ValueError('out-of-domain', 'a negative number has no square root')
  }
  const exponent = leadingExponent(value)
  const groups = Math.floor(exponent / 4)
  const wanted = Math.max(MIN_SIGNIFICANT_DIGITS - ((groups + 1) * 2 - 1), value.scale)
  const scale = resultScale(wanted, Math.floor(exponent / 2))
  // Twice the result's scale, or the value is cut where no digit of the result sees it.
  const shift = 2 * scale - value.scale
  const square = shift >= 0 ? value.unscaled * pow10(shift) : value.unscaled / pow10(-shift)
  const root = integerRoot(square)
  return fit(square - root * root > root ? root + 1n : root, scale)
}

/** The integer part of the square root, by Newton's method from above. */
function integerRoot(square: bigint): bigint {
  if (square === 0n) return 0n
  let root = 1n << BigInt((square.toString(2).length >> 1) + 1)
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** value^exponent for a whole exponent: exact where its digits have room, else rounded once. */
export function powerOfInteger(value: Decimal, exponent: number): Decimal {
  const wanted = Math.max(MIN_SIGNIFICANT_DIGITS, value.scale)
  if (exponent === 0) return makeDecimal(pow10(wanted), wanted)
  if (value.unscaled === 0n) {
    if (exponent < 0) throw new ValueError('out-of-domain', 'zero has no negative power')
    return makeDecimal(0n, wanted)
  }
  const weight = exponent * log10(value)
  if (weight > MAX_PRECISION + 1) {
    throw new ValueError('out-of-range', 'the number has more than 38 digits')
  }
  const scale = resultScale(wanted, Math.floor(weight))
  // Below the last digit.
  if (weight < -scale - 2) return makeDecimal(0n, scale)
  const digits = 60 + Math.ceil(Math.log10(Math.abs(exponent)))
  const power = raise(value, Math.abs(exponent), digits)
  return exponent > 0 ? rescale(power, scale) : invert(power, scale)
}

/** The decimal logarithm of the magnitude, as a double: accurate enough to count digits. */
function log10(value: Decimal): number {
  const digits = (value.unscaled < 0n ? -value.unscaled : value.unscaled).toString()
  return Math.log10(Number(`0.${digits.slice(0, 17)}`)) + digits.length - value.scale
}

interface Floating {
  readonly mantissa: bigint
  /** mantissa / 10^scale; also negative. */
  readonly scale: number
}

/** By repeated squaring, with so many digits kept. */
function raise(value: Decimal, exponent: number, digits: number): Floating {
  let result: Floating = { mantissa: 1n, scale: 0 }
  let square: Floating = { mantissa: value.unscaled, scale: value.scale }
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square, digits)
    if (rest > 1) square = multiply(square, square, digits)
  }
  return result
}

function multiply(a: Floating, b: Floating, digits: number): Floating {
  const mantissa = a.mantissa * b.mantissa
  const excess = mantissa.toString().length - digits
  const scale = a.scale + b.scale
  return excess > 0
    ? { mantissa: mantissa / pow10(excess), scale: scale - excess }
    : { mantissa, scale }
}

function rescale({ mantissa, scale }: Floating, to: number): Decimal {
  const shift = to - scale
  return fit(shift >= 0 ? mantissa * pow10(shift) : roundDivide(mantissa, pow10(-shift)), to)
}

function invert({ mantissa, scale }: Floating, to: number): Decimal {
  const shift = to + scale
  const [above, below] = shift >= 0 ? [pow10(shift), mantissa] : [1n, mantissa * pow10(-shift)]
  return fit(roundDivide(above, below), to)
}
