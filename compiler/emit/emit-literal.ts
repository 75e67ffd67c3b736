import { js, literal } from '../code/index.ts'
import type { LiteralExpr } from '../ir/index.ts'
import type { Module } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A literal in the representation of its type; what is not a JavaScript literal becomes a constant of the module. */
export function emitLiteral({ value, type }: LiteralExpr, module: Module): Value {
  if (value === null) return simpleValue(js`null`, 'null')
  if (type.kind === 'Decimal') {
    const parse = module.use('decimalConstant')
    return simpleValue(
      module.constant(`decimal ${String(value)}`, js`${parse}(${String(value)})`),
      'never'
    )
  }
  if (typeof value === 'bigint') {
    const near = Number(value)
    return simpleValue(literal(Number.isSafeInteger(near) ? near : value), 'never')
  }
  if (type.kind === 'Double' && typeof value === 'string') {
    return simpleValue(literal(Number(value)), 'never')
  }
  return simpleValue(literal(value), 'never')
}
