import {
  compareDecimal,
  type Decimal,
  decimalToDouble,
  fit,
  makeDecimal,
  MAX_PRECISION,
  MIN_SIGNIFICANT_DIGITS,
  pow10,
  roundDivide
} from './decimal.ts'
import { leadingExponent, powerOfInteger, resultScale } from './decimal-power.ts'
import { ValueError } from './value-error.ts'

// Numbers here are integers times 10^-scale, with some digits more than the result gets. Rounding then agrees with
// PostgreSQL's, which computes the same digits in another way.

const GUARD = 12
const LOG10_E = 0.434294481903252

/** e^value, with PostgreSQL's scale: at least 16 significant digits and the value's own. */
export function expDecimal(value: Decimal): Decimal {
  const weight = decimalToDouble(value) * LOG10_E
  const wanted = Math.max(MIN_SIGNIFICANT_DIGITS - Math.trunc(weight), value.scale)
  return exponential(value.unscaled, value.scale, weight, wanted)
}

/** The natural logarithm, with PostgreSQL's scale. */
export function lnDecimal(value: Decimal): Decimal {
  checkLogarithm(value)
  const weight = logarithmWeight(value)
  const scale = resultScale(Math.max(MIN_SIGNIFICANT_DIGITS - weight, value.scale), weight)
  return atScale(lnAt(value, scale + GUARD), scale + GUARD, scale)
}

/** The logarithm of `value` to a base, with PostgreSQL's scale. */
export function logDecimal(base: Decimal, value: Decimal): Decimal {
  checkLogarithm(base)
  checkLogarithm(value)
  const weight = logarithmWeight(value) - logarithmWeight(base)
  const wanted = Math.max(MIN_SIGNIFICANT_DIGITS - weight, base.scale, value.scale)
  const scale = resultScale(wanted, weight)
  // A logarithm near 0 begins with zeros, which the quotient must not lose.
  const inner =
    scale + GUARD + Math.abs(logarithmWeight(value)) + 2 * Math.abs(logarithmWeight(base))
  const divisor = lnAt(base, inner)
  if (divisor === 0n) throw new ValueError('division-by-zero', 'division by zero')
  return fit(roundDivide(lnAt(value, inner) * pow10(scale), divisor), scale)
}

/** value^exponent, exact for whole exponents, else with PostgreSQL's scale. */
export function powerDecimal(value: Decimal, exponent: Decimal): Decimal {
  const whole = wholeExponent(exponent)
  if (whole !== null) return powerOfInteger(value, whole)
  if (value.unscaled === 0n) {
    if (exponent.unscaled < 0n) throw new ValueError('out-of-domain', 'zero has no negative power')
    return makeDecimal(0n, MIN_SIGNIFICANT_DIGITS)
  }
  if (value.unscaled < 0n) return powerOfNegative(value, exponent)
  const weight = Math.log(decimalToDouble(value)) * decimalToDouble(exponent) * LOG10_E
  const { scale: ownScale } = exponent
  const significant = MIN_SIGNIFICANT_DIGITS - Math.trunc(weight)
  const wanted = Math.max(significant, value.scale, ownScale)
  const inner = MAX_PRECISION * 2 + GUARD
  const product = lnAt(value, inner) * exponent.unscaled
  return exponential(product, inner + ownScale, weight, wanted)
}

function powerOfNegative(value: Decimal, exponent: Decimal): Decimal {
  const unit = pow10(exponent.scale)
  if (exponent.unscaled % unit !== 0n) {
    throw new ValueError('out-of-domain', 'a negative number has no power that is not whole')
  }
  const power = powerDecimal(makeDecimal(-value.unscaled, value.scale), exponent)
  const isOdd = (exponent.unscaled / unit) % 2n !== 0n
  return isOdd ? makeDecimal(-power.unscaled, power.scale) : power
}

/** PostgreSQL multiplies for exponents that fit 32 bits; a larger one overflows, or the base is nearly 1. */
function wholeExponent({ unscaled, scale }: Decimal): number | null {
  const unit = pow10(scale)
  if (unscaled % unit !== 0n) return null
  const whole = unscaled / unit
  return whole >= -(2n ** 31n) && whole < 2n ** 31n ? Number(whole) : null
}

function checkLogarithm({ unscaled }: Decimal): void {
  if (unscaled > 0n) return
  const what = unscaled === 0n ? 'zero' : 'a negative number'
  throw new ValueError('out-of-domain', `${what} has no logarithm`)
}

const NEAR_ONE_FROM = makeDecimal(9n, 1)
const NEAR_ONE_TO = makeDecimal(11n, 1)

/** The power of ten of the first digit of ln(value), as PostgreSQL estimates it (estimate_ln_dweight). */
function logarithmWeight(value: Decimal): number {
  const nearOne =
    compareDecimal(value, NEAR_ONE_FROM) >= 0 && compareDecimal(value, NEAR_ONE_TO) <= 0
  if (nearOne) {
    return leadingExponent(makeDecimal(value.unscaled - pow10(value.scale), value.scale))
  }
  return Math.trunc(Math.log10(Math.abs(Math.log(decimalToDouble(value)))))
}

function atScale(number: bigint, from: number, to: number): Decimal {
  return fit(roundDivide(number, pow10(from - to)), to)
}

/** e^(unscaled / 10^scale), which is about 10^weight. */
function exponential(unscaled: bigint, scale: number, weight: number, wanted: number): Decimal {
  if (weight >= MAX_PRECISION) {
    throw new ValueError('out-of-range', 'the number has more than 38 digits')
  }
  const resultDigits = resultScale(wanted, Math.floor(weight))
  if (weight < -MAX_PRECISION - 2) return makeDecimal(0n, resultDigits)
  const inner = resultDigits + Math.ceil(Math.abs(weight)) + GUARD
  const power =
    inner >= scale ? unscaled * pow10(inner - scale) : roundDivide(unscaled, pow10(scale - inner))
  return atScale(expAt(power, inner), inner, resultDigits)
}

/** e^x: Taylor's series of x / 2^k, then squared k times. */
function expAt(power: bigint, scale: number): bigint {
  const digits = scale + GUARD
  const one = pow10(digits)
  const halvings = 16n
  const x = (power * pow10(GUARD)) >> halvings
  let sum = one
  let term = one
  for (let n = 1n; term !== 0n; n++) {
    term = (term * x) / (one * n)
    sum += term
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) / one
  return roundDivide(sum, pow10(GUARD))
}

/** ln(x) by Halley's method from the double's logarithm: each step triples its 15 digits. */
function lnAt({ unscaled, scale }: Decimal, wanted: number): bigint {
  // x = m * 10^k with m near 1, so that e^y stays small.
  const exponent = leadingExponent({ unscaled, scale })
  const digits = wanted + GUARD
  const m = atDigits(unscaled, scale + exponent, digits)
  const sum = lnOf(m, digits) + BigInt(exponent) * lnOf(10n * pow10(digits), digits)
  return roundDivide(sum, pow10(GUARD))
}

function atDigits(unscaled: bigint, scale: number, digits: number): bigint {
  const shift = digits - scale
  return shift >= 0 ? unscaled * pow10(shift) : roundDivide(unscaled, pow10(-shift))
}

function lnOf(number: bigint, scale: number): bigint {
  const one = pow10(scale)
  const start = Math.log(Number((number * pow10(18)) / one) / 1e18)
  let y = (BigInt(Math.round(start * 1e15)) * one) / pow10(15)
  for (let digits = 14; digits < scale; digits *= 3) {
    const power = expAt(y, scale)
    y += (2n * one * (number - power)) / (number + power)
  }
  return y
}
