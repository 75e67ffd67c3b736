import { failure } from '../sql/failure.ts'
import { behindLast, checkCount, equalBounds } from './decimal-math.ts'

// As PostgreSQL: what has no value fails instead of giving NaN, and so does an infinity or a zero that is only a number too
// large or too small for a double.

export function sqrtDouble(value: number, site: number): number {
  if (value < 0) throw outOfDomain(site, 'a negative number has no square root')
  return Math.sqrt(value)
}

export function expDouble(value: number, site: number): number {
  return inRange(Math.exp(value), Number.isFinite(value), site)
}

export function lnDouble(value: number, site: number): number {
  checkLogarithm(value, site)
  return Math.log(value)
}

export function log10Double(value: number, site: number): number {
  checkLogarithm(value, site)
  return Math.log10(value)
}

export function logDouble(base: number, value: number, site: number): number {
  checkLogarithm(base, site)
  checkLogarithm(value, site)
  if (base === 1) throw failure(site, 'division-by-zero', 'division by zero')
  if (base === 2) return Math.log2(value)
  return base === 10 ? Math.log10(value) : Math.log(value) / Math.log(base)
}

export function powerDouble(value: number, exponent: number, site: number): number {
  // JavaScript's 1 ** NaN is NaN, and so is (-1) ** Infinity.
  if (value === 1 || exponent === 0) return 1
  if (Number.isNaN(value) || Number.isNaN(exponent)) return NaN
  if (value === 0 && exponent < 0) throw outOfDomain(site, 'zero has no negative power')
  if (value < 0 && Math.floor(exponent) !== exponent) {
    throw outOfDomain(site, 'a negative number has no power that is not whole')
  }
  if (value === -1 && !Number.isFinite(exponent)) return 1
  const finite = Number.isFinite(value) && Number.isFinite(exponent) && value !== 0
  return inRange(value ** exponent, finite, site)
}

/** A result of finite arguments that is neither infinite nor 0. */
function inRange(result: number, finite: boolean, site: number): number {
  if (!finite) return result
  if (!Number.isFinite(result)) {
    throw failure(site, 'out-of-range', 'the result is too large for DOUBLE')
  }
  if (result === 0) throw failure(site, 'out-of-range', 'the result is too small for DOUBLE')
  return result
}

/** -1, 0 or 1; 0 for NaN too. */
export function signDouble(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : 0
}

/** In which of `count` equal parts from `low` to `high` the value lies, from 1; 0 before the first, count + 1 behind the last. */
export function widthBucketDouble(
  value: number,
  low: number,
  high: number,
  count: number,
  site: number
): number {
  checkCount(count, site)
  if ([value, low, high].some(Number.isNaN) || !Number.isFinite(low) || !Number.isFinite(high)) {
    throw outOfDomain(site, 'buckets need finite bounds and a value that is a number')
  }
  if (low === high) throw equalBounds(site)
  const [x, from, to] = low < high ? [value, low, high] : [-value, -low, -high]
  if (x < from) return 0
  if (x >= to) return behindLast(count, site)
  // Halves keep the width of the widest range finite.
  const part = Number.isFinite(to - from)
    ? (x - from) / (to - from)
    : (x / 2 - from / 2) / (to / 2 - from / 2)
  return Math.min(Math.floor(count * part), count - 1) + 1
}

function checkLogarithm(value: number, site: number): void {
  if (value === 0) throw outOfDomain(site, 'zero has no logarithm')
  if (value < 0) throw outOfDomain(site, 'a negative number has no logarithm')
}

export function outOfDomain(site: number, message: string): unknown {
  return failure(site, 'out-of-domain', message)
}
