import * as sql from '../sql/decimal.ts'
import * as exponential from '../sql/decimal-exponential.ts'
import * as power from '../sql/decimal-power.ts'
import { failure } from '../sql/failure.ts'
import { atSite } from './at-site.ts'
import type { BigIntValue } from './bigint.ts'
import type { Decimal } from '../sql/decimal.ts'

/** Rounded exactly; O(digits^2). */
export function sqrtDecimal(value: Decimal, site: number): Decimal {
  try {
    return power.sqrtDecimal(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** With as many digits as PostgreSQL gives; some microseconds. */
export function expDecimal(value: Decimal, site: number): Decimal {
  try {
    return exponential.expDecimal(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** With as many digits as PostgreSQL gives; some microseconds. */
export function lnDecimal(value: Decimal, site: number): Decimal {
  try {
    return exponential.lnDecimal(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
const TEN = sql.makeDecimal(10n, 0)
export function log10Decimal(value: Decimal, site: number): Decimal {
  try {
    return exponential.logDecimal(TEN, value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function logDecimal(base: Decimal, value: Decimal, site: number): Decimal {
  try {
    return exponential.logDecimal(base, value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function powerDecimal(value: Decimal, exponent: Decimal, site: number): Decimal {
  try {
    return exponential.powerDecimal(value, exponent)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** Towards zero; a negative number of digits drops those before the point. */
export function truncDecimal(value: Decimal, digits: number, site: number): Decimal {
  const bounded = Math.max(-40, Math.min(digits, sql.MAX_PRECISION))
  try {
    return sql.truncateDecimal(value, bounded)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** -1, 0 or 1. */
export function signDecimal({ unscaled }: Decimal): Decimal {
  return sql.makeDecimal(unscaled > 0n ? 1n : unscaled < 0n ? -1n : 0n, 0)
}

/** The whole part of the quotient. */
export function divDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  if (b.unscaled === 0n) throw failure(site, 'division-by-zero', 'division by zero')
  const [x, y] = atOneScale(a, b)
  try {
    return sql.fit(x / y, 0)
  } catch (error) {
    throw atSite(error, site)
  }
}

export function gcdDecimal(a: Decimal, b: Decimal): Decimal {
  const [x, y] = atOneScale(a, b)
  return sql.fit(greatestDivisor(x, y), Math.max(a.scale, b.scale))
}

export function lcmDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  const [x, y] = atOneScale(a, b)
  const multiple = x === 0n || y === 0n ? 0n : (x / greatestDivisor(x, y)) * y
  const scale = Math.max(a.scale, b.scale)
  try {
    return sql.fit(multiple < 0n ? -multiple : multiple, scale)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** n! is exact up to 33, the last one with 38 digits or fewer. */
export function factorial(n: BigIntValue, site: number): Decimal {
  if (n < 0) throw failure(site, 'out-of-domain', 'a negative number has no factorial')
  if (n > 33) throw failure(site, 'out-of-range', 'the number has more than 38 digits')
  let product = 1n
  for (let i = 2n; i <= n; i++) product *= i
  return sql.makeDecimal(product, 0)
}

/** In which of `count` equal parts from `low` to `high` the value lies, from 1; 0 before the first, count + 1 behind the last. */
export function widthBucketDecimal(
  value: Decimal,
  low: Decimal,
  high: Decimal,
  count: number,
  site: number
): number {
  checkCount(count, site)
  const direction = sql.compareDecimal(high, low)
  if (direction === 0) throw equalBounds(site)
  if (sql.compareDecimal(value, low) * direction < 0) return 0
  if (sql.compareDecimal(value, high) * direction >= 0) return behindLast(count, site)
  const scale = Math.max(value.scale, low.scale, high.scale)
  const [x, from, to] = [value, low, high].map(
    each => each.unscaled * sql.pow10(scale - each.scale)
  ) as [bigint, bigint, bigint]
  return Number((BigInt(count) * (x - from)) / (to - from)) + 1
}

export function checkCount(count: number, site: number): void {
  if (count <= 0) throw failure(site, 'out-of-domain', 'the number of buckets is not above zero')
}

export function equalBounds(site: number): unknown {
  return failure(site, 'out-of-domain', 'the bounds of the buckets are equal')
}

export function behindLast(count: number, site: number): number {
  if (count === 2147483647) throw failure(site, 'out-of-range', 'the result does not fit INT')
  return count + 1
}

function atOneScale(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale)
  return [a.unscaled * sql.pow10(scale - a.scale), b.unscaled * sql.pow10(scale - b.scale)]
}

/** Euclid's; never negative. */
export function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** trim_scale: without zeros at the end of the digits behind the point. */
export function trimScale(value: Decimal): Decimal {
  let { unscaled, scale } = value
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n
    scale--
  }
  return { unscaled, scale }
}
