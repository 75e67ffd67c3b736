import { failure } from '../sql/failure.ts'
import { divisionByZero } from './small-integer.ts'

// DOUBLE arithmetic as PostgreSQL does it: an infinity that did not come in is an overflow, a zero that finite non-zero
// factors give is an underflow; both fail.

export function addDouble(a: number, b: number, site: number): number {
  const sum = a + b
  if (!Number.isFinite(sum)) checkInfinite(sum, a, b, site)
  return sum
}
export function subtractDouble(a: number, b: number, site: number): number {
  const difference = a - b
  if (!Number.isFinite(difference)) checkInfinite(difference, a, b, site)
  return difference
}
export function multiplyDouble(a: number, b: number, site: number): number {
  const product = a * b
  if (!Number.isFinite(product)) checkInfinite(product, a, b, site)
  else if (product === 0 && a !== 0 && b !== 0) throw underflow(site)
  return product
}
export function divideDouble(a: number, b: number, site: number): number {
  if (b === 0 && !Number.isNaN(a)) throw divisionByZero(site)
  const quotient = a / b
  if (!Number.isFinite(quotient)) checkInfinite(quotient, a, b, site)
  else if (quotient === 0 && a !== 0 && Number.isFinite(b)) throw underflow(site)
  return quotient
}

/** Half to even, as rint() does. */
export function roundDouble(value: number): number {
  if (value < 0) return -roundDouble(-value)
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  if (rest > 0.5) return floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

/** PostgreSQL's order: NaN equals itself and is greater than everything else. */
export function compareDouble(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1
}

function checkInfinite(result: number, a: number, b: number, site: number): void {
  if (Number.isNaN(result) || !Number.isFinite(a) || !Number.isFinite(b)) return
  throw failure(site, 'out-of-range', 'the result is too large for DOUBLE')
}

function underflow(site: number): unknown {
  return failure(site, 'out-of-range', 'the result is too small for DOUBLE')
}

/** Rounds the double's shortest decimal text half away from zero: 2.675 to 2 digits is 2.68, as people expect of its text. */
export function roundDoubleTo(value: number, digits: number): number {
  return cutDouble(value, digits, shifted => Math.floor(shifted + 0.5))
}

/** Drops digits of the double's shortest decimal text. */
export function truncDoubleTo(value: number, digits: number): number {
  return cutDouble(value, digits, Math.floor)
}

function cutDouble(value: number, digits: number, toWhole: (size: number) => number): number {
  if (!Number.isFinite(value) || digits > 340) return value
  if (digits < -340) return 0
  const [mantissa, exponent] = shiftParts(Math.abs(value), digits)
  const shifted = Number(`${mantissa}e${exponent}`)
  // Beyond 2^53 every double is whole already.
  if (shifted >= 2 ** 53) return value
  const [wholeMantissa, wholeExponent] = shiftParts(toWhole(shifted), -digits)
  const result = Number(`${wholeMantissa}e${wholeExponent}`)
  return value < 0 ? -result : result
}

function shiftParts(value: number, digits: number): readonly [mantissa: string, exponent: number] {
  const [mantissa, exponent] = String(value).split('e')
  return [mantissa!, Number(exponent ?? 0) + digits]
}
