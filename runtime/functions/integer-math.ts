import { type BigIntValue, checkBigInt } from './bigint.ts'
import { greatestDivisor } from './decimal-math.ts'
import { checkInt } from './small-integer.ts'

/** Never negative, so that the smallest INT with 0 or itself is out of range. */
export function gcdInt(a: number, b: number, site: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return checkInt(x, site)
}

export function gcdBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  return checkBigInt(greatestDivisor(BigInt(a), BigInt(b)), site)
}

export function lcmInt(a: number, b: number, site: number): number {
  if (a === 0 || b === 0) return 0
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  // A product beyond 2^53 is inexact, but far out of range.
  return checkInt(Math.abs((a / x) * b), site)
}

export function lcmBigInt(a: BigIntValue, b: BigIntValue, site: number): BigIntValue {
  if (a === 0 || b === 0) return 0
  const multiple = (BigInt(a) / greatestDivisor(BigInt(a), BigInt(b))) * BigInt(b)
  return checkBigInt(multiple < 0n ? -multiple : multiple, site)
}
