import { normalBigInt } from './bigint.ts'

// Bits of BIGINT, which has 64 of them. Those of smaller integers are JavaScript's own operators.

type BigIntValue = number | bigint

export function andBits(a: BigIntValue, b: BigIntValue): BigIntValue {
  return normalBigInt(BigInt(a) & BigInt(b))
}
export function orBits(a: BigIntValue, b: BigIntValue): BigIntValue {
  return normalBigInt(BigInt(a) | BigInt(b))
}
export function xorBits(a: BigIntValue, b: BigIntValue): BigIntValue {
  return normalBigInt(BigInt(a) ^ BigInt(b))
}
export function notBits(a: BigIntValue): BigIntValue {
  return normalBigInt(~BigInt(a))
}
/** What leaves the 64 bits is gone; of the count the lowest six bits matter. */
export function shiftLeft(a: BigIntValue, count: number): BigIntValue {
  return normalBigInt(BigInt.asIntN(64, BigInt(a) << BigInt(count & 63)))
}
export function shiftRight(a: BigIntValue, count: number): BigIntValue {
  return normalBigInt(BigInt(a) >> BigInt(count & 63))
}
