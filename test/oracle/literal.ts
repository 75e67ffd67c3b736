import type { LiteralValue } from '../../compiler/ir/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { parseDecimal } from './decimal.ts'
import type { Value } from './value.ts'

/** A literal of the IR as a value: integers of every width are bigint here, decimals are more than digits. */
export function literalValue(literal: LiteralValue, type: SqlType): Value {
  if (literal === null) return null
  switch (type.kind) {
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return BigInt(literal)
    case 'Decimal':
      return parseDecimal(String(literal))
    case 'Real':
      return Math.fround(Number(literal))
    case 'Double':
    case 'Timestamp':
      return Number(literal)
    default:
      return literal
  }
}
