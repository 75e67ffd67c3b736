import { js, makeCode, type Code } from '../code/index.ts'
import type { SqlType } from '../types/index.ts'
import type { RuntimeType } from './runtime-type.ts'

/** The TypeScript type of a SQL type's values; `useType` imports what it names. */
export function typeCode(
  type: SqlType,
  nullable: boolean,
  useType: (name: RuntimeType) => void
): Code {
  const code = ofValues(type, useType)
  return nullable ? js`${code} | null` : code
}

function ofValues(type: SqlType, useType: (name: RuntimeType) => void): Code {
  switch (type.kind) {
    case 'Decimal':
    case 'Interval':
      useType(type.kind)
      return makeCode(type.kind)
    case 'Array':
      return js`readonly (${typeCode(type.element, true, useType)})[]`
    case 'Map':
      return js`ReadonlyMap<string, ${typeCode(type.value, true, useType)}>`
    // A field gets its type where it is read.
    case 'Row':
      return js`readonly unknown[]`
    default:
      return makeCode(names[type.kind])
  }
}

const names = {
  Boolean: 'boolean',
  SmallInt: 'number',
  Int: 'number',
  BigInt: 'number | bigint',
  Real: 'number',
  Double: 'number',
  Text: 'string',
  Bytes: 'Uint8Array',
  Date: 'number',
  Time: 'number',
  Timestamp: 'number',
  TimestampTz: 'number',
  Json: 'string',
  Vector: 'Float64Array',
  Null: 'null'
} as const
