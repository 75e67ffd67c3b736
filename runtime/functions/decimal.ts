import * as sql from '../sql/decimal.ts'
import { atSite } from './at-site.ts'
import type { Decimal } from '../sql/decimal.ts'

// The arithmetic is runtime/sql's; here a value that can't be computed becomes the failure of a row, at its place in the SQL.

export function addDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  try {
    return sql.addDecimal(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function subtractDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  try {
    return sql.subtractDecimal(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function multiplyDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  try {
    return sql.multiplyDecimal(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function divideDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  try {
    return sql.divideDecimal(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function moduloDecimal(a: Decimal, b: Decimal, site: number): Decimal {
  try {
    return sql.remainderDecimal(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** Half away from zero; a negative number of digits rounds before the point. */
export function roundDecimal(value: Decimal, digits: number, site: number): Decimal {
  try {
    // PostgreSQL allows any number of digits; more than a DECIMAL holds changes nothing.
    return sql.roundDecimal(value, Math.max(-40, Math.min(digits, sql.MAX_PRECISION)))
  } catch (error) {
    throw atSite(error, site)
  }
}
export function floorDecimal(value: Decimal): Decimal {
  const whole = sql.truncateDecimal(value, 0)
  const below = value.unscaled < 0n && sql.compareDecimal(whole, value) !== 0
  return below ? sql.makeDecimal(whole.unscaled - 1n, 0) : whole
}
export function ceilDecimal(value: Decimal): Decimal {
  return sql.negateDecimal(floorDecimal(sql.negateDecimal(value)))
}
