import * as sql from '../sql/decimal.ts'
import { failure } from '../sql/failure.ts'
import { normalBigInt, type BigIntValue } from './bigint.ts'
import { atSite } from './at-site.ts'
import { roundDouble } from './double.ts'
import type { Decimal } from '../sql/decimal.ts'

const MAX_BIGINT = 2n ** 63n - 1n
const MIN_BIGINT = -(2n ** 63n)

function outOfRange(site: number, type: string): unknown {
  return failure(site, 'out-of-range', `the value is out of range for ${type}`)
}

function fitInteger(value: number, bits: 16 | 32, site: number): number {
  const limit = bits === 16 ? 32768 : 2147483648
  // Written so that NaN fails.
  if (!(value >= -limit && value < limit)) {
    throw outOfRange(site, bits === 16 ? 'SMALLINT' : 'INT')
  }
  return value + 0
}

export function numberToSmallInt(value: number, site: number): number {
  return fitInteger(value, 16, site)
}
export function bigIntToSmallInt(value: BigIntValue, site: number): number {
  return fitInteger(Number(value), 16, site)
}
export function bigIntToInt(value: BigIntValue, site: number): number {
  return fitInteger(Number(value), 32, site)
}

/** Half to even, as PostgreSQL. */
export function doubleToSmallInt(value: number, site: number): number {
  return fitInteger(roundDouble(value), 16, site)
}
/** Half to even, as PostgreSQL. */
export function doubleToInt(value: number, site: number): number {
  return fitInteger(roundDouble(value), 32, site)
}
/** Half to even, as PostgreSQL. */
export function doubleToBigInt(value: number, site: number): BigIntValue {
  const rounded = roundDouble(value)
  if (!(rounded >= -(2 ** 63) && rounded < 2 ** 63)) throw outOfRange(site, 'BIGINT')
  return Number.isSafeInteger(rounded) ? rounded + 0 : BigInt(rounded)
}
/** 15 significant digits, as PostgreSQL: more would show the error of the binary form. */
export function doubleToDecimal(value: number, site: number): Decimal {
  try {
    return sql.decimalFromDouble(value)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** Half away from zero. */
export function decimalToSmallInt(value: Decimal, site: number): number {
  return fitInteger(Number(sql.decimalToInteger(value)), 16, site)
}
/** Half away from zero. */
export function decimalToInt(value: Decimal, site: number): number {
  return fitInteger(Number(sql.decimalToInteger(value)), 32, site)
}
/** Half away from zero. */
export function decimalToBigInt(value: Decimal, site: number): BigIntValue {
  const integer = sql.decimalToInteger(value)
  if (integer > MAX_BIGINT || integer < MIN_BIGINT) throw outOfRange(site, 'BIGINT')
  return normalBigInt(integer)
}

/** Rounds to DECIMAL(precision, scale); fails where the digits before the point don't fit. */
export function fitDecimal(
  value: Decimal,
  precision: number,
  scale: number,
  site: number
): Decimal {
  try {
    return sql.castDecimal(value, precision, scale)
  } catch (error) {
    throw atSite(error, site)
  }
}

export function booleanToInt(value: boolean): number {
  return value ? 1 : 0
}
export function intToBoolean(value: number): boolean {
  return value !== 0
}

/** The nearest number of single precision; fails where there is none. */
export function doubleToReal(value: number, site: number): number {
  const real = Math.fround(value)
  const overflow = !Number.isFinite(real) && Number.isFinite(value)
  if (overflow || (real === 0 && value !== 0)) throw outOfRange(site, 'REAL')
  return real
}
/** The nearest number of single precision. */
export function bigIntToReal(value: BigIntValue): number {
  return Math.fround(Number(value))
}
/** The nearest number of single precision; fails where there is none. */
export function decimalToReal(value: Decimal, site: number): number {
  return doubleToReal(sql.decimalToDouble(value), site)
}
/** 6 significant digits, as PostgreSQL. */
export function realToDecimal(value: number, site: number): Decimal {
  if (!Number.isFinite(value)) return doubleToDecimal(value, site)
  return doubleToDecimal(Number(value.toPrecision(6)), site)
}
