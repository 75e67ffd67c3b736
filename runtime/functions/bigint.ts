import { failure } from '../sql/failure.ts'
import { divisionByZero } from './small-integer.ts'

/**
 * A BIGINT: a number while it is a safe integer, else a bigint. Each value has one form only, so `===` and `<` compare
 * BIGINTs of either form.
 */
export type BigIntValue = number | bigint

const MAX = 2n ** 63n - 1n
const MIN = -(2n ** 63n)

// The sum, difference or product of two safe integers that is a safe integer itself has been computed exactly: doubles
// round to nearest, and no rounded result gets below 2^53 from above it.

export function addBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return checkBigInt(BigInt(a) + BigInt(b), site)
}

export function subtractBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return checkBigInt(BigInt(a) - BigInt(b), site)
}

export function multiplyBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  return checkBigInt(BigInt(a) * BigInt(b), site)
}

/** Truncates towards zero. */
export function divideBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (b === 0) throw divisionByZero(site)
  // a - a % b is a multiple of b, so this division is exact where a / b might round up to the next integer.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0
  return checkBigInt(BigInt(a) / BigInt(b), site)
}

/** The sign is the dividend's. */
export function moduloBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (b === 0) throw divisionByZero(site)
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
  return normalBigInt(BigInt(a) % BigInt(b))
}

export function negateBigInt(a: BigIntValue, site: number): BigIntValue {
  return typeof a === 'number' ? 0 - a : checkBigInt(-a, site)
}

export function absBigInt(a: BigIntValue, site: number): BigIntValue {
  return a < 0 ? negateBigInt(a, site) : a
}

/** The value in its one form; fails outside 64 bits. */
export function checkBigInt(value: bigint, site: number): BigIntValue {
  if (value > MAX || value < MIN) {
    throw failure(site, 'out-of-range', 'the result does not fit BIGINT')
  }
  return normalBigInt(value)
}

/** A value known to fit 64 bits, in its one form. */
export function normalBigInt(value: bigint): BigIntValue {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
