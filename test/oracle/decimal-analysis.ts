import { compareDecimal, type Decimal, makeDecimal, showDecimal } from './decimal.ts'
import { Failure } from './failure.ts'

// Roots, powers and logarithms with 120 digits after the point, by the plainest series; then cut to PostgreSQL's scale.

const PLACES = 120
const ONE = 10n ** BigInt(PLACES)
const MAX_DIGITS = 38

/** Times 10^120, cut. */
function fixed({ unscaled, scale }: Decimal): bigint {
  return (unscaled * ONE) / 10n ** BigInt(scale)
}

function toDecimal(value: bigint, scale: number): Decimal {
  const unit = 10n ** BigInt(PLACES - scale)
  const half = value < 0n ? -(unit / 2n) : unit / 2n
  return makeDecimal((value + half) / unit, scale)
}

/** The exponent of ten of the first digit. */
function magnitudeOf(value: Decimal): number {
  const text = showDecimal(value).replace('-', '')
  const [whole = '', fraction = ''] = text.split('.')
  if (/[1-9]/.test(whole)) return whole.length - 1
  const zeros = /^0*/.exec(fraction)![0].length
  return zeros === fraction.length ? 0 : -zeros - 1
}

/** No more digits than a DECIMAL has beside those before the point. */
function room(scale: number, magnitude: number): number {
  return Math.max(0, Math.min(scale, MAX_DIGITS, MAX_DIGITS - 1 - magnitude))
}

export function sqrtOf(value: Decimal): Decimal {
  if (value.unscaled < 0n) throw new Failure('out-of-domain', 'root of a negative number')
  const groups = Math.floor(magnitudeOf(value) / 4)
  const wanted = Math.max(16 - (groups * 2 + 1), value.scale)
  const scale = room(wanted, Math.floor(magnitudeOf(value) / 2))
  // Digit by digit: the largest root whose square is not above.
  const square = value.unscaled * 10n ** BigInt(2 * scale + 2 - value.scale + 80)
  let root = 0n
  for (let step = 10n ** 100n; step > 0n; step /= 10n) {
    while ((root + step) ** 2n <= square) root += step
  }
  return makeDecimal((root + 5n * 10n ** 40n) / 10n ** 41n, scale)
}

/** The sum of x^n / n!, with whole powers of e taken out first. */
function exponential(x: bigint): bigint {
  const whole = x / ONE
  const series = (of: bigint): bigint => {
    let term = ONE
    let sum = 0n
    for (let n = 1n; term !== 0n; n++) {
      sum += term
      term = (term * of) / (n * ONE)
    }
    return sum
  }
  const e = series(ONE)
  let result = series(x - whole * ONE)
  for (let i = 0n; i < (whole < 0n ? -whole : whole); i++) {
    result = whole < 0n ? (result * ONE) / e : (result * e) / ONE
  }
  return result
}

/** 2 artanh((x - 1) / (x + 1)), with powers of two taken out first. */
function logarithm(x: bigint): bigint {
  const series = (of: bigint): bigint => {
    const ratio = ((of - ONE) * ONE) / (of + ONE)
    const square = (ratio * ratio) / ONE
    let power = ratio
    let sum = 0n
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += power / n
      power = (power * square) / ONE
    }
    return 2n * sum
  }
  let rest = x
  let twos = 0n
  for (; rest > 2n * ONE; twos++) rest /= 2n
  for (; rest < ONE; twos--) rest *= 2n
  return series(rest) + twos * series(2n * ONE)
}

/** The exponent of ten of a logarithm's first digit, as PostgreSQL estimates it. */
function magnitudeOfLog(value: Decimal): number {
  const tenth = { unscaled: 1n, scale: 1 }
  const off = { unscaled: value.unscaled - 10n ** BigInt(value.scale), scale: value.scale }
  const size = { ...off, unscaled: off.unscaled < 0n ? -off.unscaled : off.unscaled }
  if (compareDecimal(size, tenth) <= 0) return magnitudeOf(off)
  return Math.trunc(Math.log10(Math.abs(Math.log(Number(showDecimal(value))))))
}

function checkPositive({ unscaled }: Decimal): void {
  if (unscaled <= 0n) throw new Failure('out-of-domain', 'logarithm of no positive number')
}

export function lnOf(value: Decimal): Decimal {
  checkPositive(value)
  const magnitude = magnitudeOfLog(value)
  const scale = room(Math.max(16 - magnitude, value.scale), magnitude)
  return toDecimal(logarithm(fixed(value)), scale)
}

export function logOf(base: Decimal, value: Decimal): Decimal {
  checkPositive(base)
  checkPositive(value)
  const magnitude = magnitudeOfLog(value) - magnitudeOfLog(base)
  const scale = room(Math.max(16 - magnitude, base.scale, value.scale), magnitude)
  const divisor = logarithm(fixed(base))
  if (divisor === 0n) throw new Failure('division-by-zero', 'base 1')
  return toDecimal((logarithm(fixed(value)) * ONE) / divisor, scale)
}

export function expOf(value: Decimal): Decimal {
  return exponentialOf(fixed(value), Number(showDecimal(value)), value.scale)
}

function exponentialOf(power: bigint, about: number, scale: number): Decimal {
  const weight = about * 0.434294481903252
  if (weight >= MAX_DIGITS) throw new Failure('out-of-range', 'more than 38 digits')
  const places = room(Math.max(16 - Math.trunc(weight), scale), Math.floor(weight))
  return weight < -60 ? makeDecimal(0n, places) : toDecimal(exponential(power), places)
}

export function powerOf(value: Decimal, exponent: Decimal): Decimal {
  const unit = 10n ** BigInt(exponent.scale)
  const isWhole = exponent.unscaled % unit === 0n
  const whole = exponent.unscaled / unit
  if (isWhole && BigInt.asIntN(32, whole) === whole) return wholePower(value, whole)
  if (value.unscaled === 0n) {
    if (exponent.unscaled < 0n) throw new Failure('out-of-domain', 'negative power of zero')
    return makeDecimal(0n, 16)
  }
  if (value.unscaled < 0n && !isWhole) {
    throw new Failure('out-of-domain', 'root of a negative number')
  }
  const size = { ...value, unscaled: value.unscaled < 0n ? -value.unscaled : value.unscaled }
  const power = (logarithm(fixed(size)) * exponent.unscaled) / unit
  const about = Math.log(Number(showDecimal(size))) * Number(showDecimal(exponent))
  const result = exponentialOf(power, about, Math.max(value.scale, exponent.scale))
  const isNegative = value.unscaled < 0n && whole % 2n !== 0n
  return isNegative ? { ...result, unscaled: -result.unscaled } : result
}

/** Multiplied out, where the result is neither too large nor too small for any digit. */
function wholePower(value: Decimal, exponent: bigint): Decimal {
  const wanted = Math.max(16, value.scale)
  if (exponent === 0n) return makeDecimal(10n ** BigInt(wanted), wanted)
  if (value.unscaled === 0n) {
    if (exponent < 0n) throw new Failure('out-of-domain', 'negative power of zero')
    return makeDecimal(0n, wanted)
  }
  const weight = Number(exponent) * Math.log10(Math.abs(Number(showDecimal(value))))
  if (weight > MAX_DIGITS + 1) throw new Failure('out-of-range', 'more than 38 digits')
  const scale = room(wanted, Math.floor(weight))
  if (weight < -60) return makeDecimal(0n, scale)
  const count = exponent < 0n ? -exponent : exponent
  const above = value.unscaled ** count
  const below = 10n ** (BigInt(value.scale) * count)
  const [dividend, divisor] = exponent < 0n ? [below, above] : [above, below]
  const doubled = (2n * dividend * 10n ** BigInt(scale)) / divisor
  return makeDecimal(doubled >= 0n ? (doubled + 1n) / 2n : (doubled - 1n) / 2n, scale)
}
