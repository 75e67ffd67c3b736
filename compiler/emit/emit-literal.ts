import { js, literal } from '../code/index.ts'
import { emitCodec } from '../functions/index.ts'
import type { LiteralExpr } from '../ir/index.ts'
import { isPrimitive } from '../types/index.ts'
import type { Module } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A literal in the representation of its type; what is not a JavaScript literal becomes a constant of the module. */
export function emitLiteral({ value, type, parameter }: LiteralExpr, module: Module): Value {
  if (parameter !== undefined) return simpleValue(js`parameters[${parameter}]`, 'never')
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
  if (!isPrimitive(type)) {
    // INTERVAL and BYTES are texts, the others JSON already.
    const isText = type.kind === 'Interval' || type.kind === 'Bytes'
    const json = isText ? JSON.stringify(value) : String(value)
    const read = js`${module.use('constantOf')}(${emitCodec(type, module)}, ${json})`
    return simpleValue(module.constant(type.kind, read), 'never')
  }
  return simpleValue(literal(value), 'never')
}
