import { js, type Code } from '../code/index.ts'
import type { SqlType, TypeKind } from '../types/index.ts'
import type { CallContext, RuntimeName } from './entry.ts'

/** A function of two values of a type that are not NULL: negative, zero or positive. */
export function emitComparer(type: SqlType, cx: Pick<CallContext, 'use' | 'constant'>): Code {
  const make = (name: RuntimeName, inside: Code): Code =>
    cx.constant('compare', js`${cx.use(name)}(${inside})`)
  switch (type.kind) {
    case 'Array':
      return make('arrayComparer', emitComparer(type.element, cx))
    case 'Map':
      return make('mapComparer', emitComparer(type.value, cx))
    case 'Row':
      return make('rowComparer', js`[${type.fields.map(field => emitComparer(field.type, cx))}]`)
    default:
      return cx.use(comparers[type.kind] ?? 'compareNumber')
  }
}

const comparers: Partial<Record<TypeKind, RuntimeName>> = {
  Boolean: 'compareBoolean',
  Decimal: 'compareDecimal',
  Real: 'compareDouble',
  Double: 'compareDouble',
  Text: 'compareText',
  Bytes: 'compareBytes',
  Interval: 'compareInterval',
  Vector: 'compareVector'
}
