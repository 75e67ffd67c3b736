import { failure } from '../sql/failure.ts'

// By Stirling's series, which is exact to a double from 15 on; smaller arguments are first moved up, negative ones mirrored.

const ENOUGH = 15
const HALF_LOG_2PI = 0.9189385332046727
const LOG_PI = Math.log(Math.PI)
/** Of the series of ln gamma: B(2n) / (2n (2n - 1)). */
const TERMS = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/** Fails at 0 and the negative whole numbers, and where a double does not reach. */
export function gamma(value: number, site: number): number {
  if (Number.isNaN(value) || value === Infinity) return value
  if (value <= 0 && (value === -Infinity || Number.isInteger(value))) throw tooLarge(site)
  const result = value < 0.5 ? mirrored(value) : positive(value)
  if (!Number.isFinite(result)) throw tooLarge(site)
  if (result === 0) throw failure(site, 'out-of-range', 'the result is too small for DOUBLE')
  return result
}

/** The logarithm of gamma's magnitude. */
export function lgamma(value: number, site: number): number {
  if (Number.isNaN(value)) return value
  if (!Number.isFinite(value)) return Infinity
  if (value <= 0 && Number.isInteger(value)) throw tooLarge(site)
  const result =
    value < 0.5
      ? LOG_PI - Math.log(Math.abs(sinPi(value))) - logPositive(1 - value)
      : logPositive(value)
  if (!Number.isFinite(result)) throw tooLarge(site)
  return result
}

function mirrored(value: number): number {
  return Math.PI / (sinPi(value) * positive(1 - value))
}

/** sin(pi x), with the nearest whole number taken out first: no digit of a small argument is lost. */
function sinPi(value: number): number {
  const whole = Math.round(value)
  const sine = Math.sin(Math.PI * (value - whole))
  return whole % 2 === 0 ? sine : -sine
}

function positive(value: number): number {
  if (Number.isInteger(value) && value <= 30) {
    let product = 1
    for (let i = 2; i < value; i++) product *= i
    return product
  }
  let divisor = 1
  let x = value
  for (; x < ENOUGH; x++) divisor *= x
  // In halves, since x^x overflows before gamma does.
  const half = x ** ((x - 0.5) / 2)
  return (half * Math.exp(-x) * half * Math.exp(HALF_LOG_2PI + series(x))) / divisor
}

function logPositive(value: number): number {
  if (value < ENOUGH) return Math.log(positive(value))
  return (value - 0.5) * Math.log(value) - value + HALF_LOG_2PI + series(value)
}

function series(x: number): number {
  const square = x * x
  return TERMS.reduceRight((sum, term) => sum / square + term, 0) / x
}

function tooLarge(site: number): unknown {
  return failure(site, 'out-of-range', 'the result is too large for DOUBLE')
}
