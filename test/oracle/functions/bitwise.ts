import type { TypeKind } from '../../../compiler/types/index.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'

const BITS: Partial<Record<TypeKind, number>> = { SmallInt: 16, Int: 32, BigInt: 64 }

const within = (value: bigint, { result }: CallTypes): bigint =>
  BigInt.asIntN(BITS[result.kind]!, value)

/** SMALLINT is shifted among 32 bits, and then cut. */
const count = (by: bigint, { result }: CallTypes): bigint =>
  BigInt.asUintN(result.kind === 'BigInt' ? 6 : 5, by)

const of = (compute: (a: bigint, b: bigint, types: CallTypes) => bigint): FunctionTwin => ({
  evaluate: ([a, b]: readonly [bigint, bigint], types: CallTypes) =>
    within(compute(a, b, types), types)
})

export const bitwiseTwins: Twins = {
  bits_and: of((a, b) => a & b),
  bits_or: of((a, b) => a | b),
  bits_xor: of((a, b) => a ^ b),
  bits_not: of(a => -a - 1n),
  shift_left: of((a, b, types) => a * 2n ** count(b, types)),
  shift_right: of((a, b, types) => a >> count(b, types))
}
