import type { SqlType, TypeKind } from './sql-type.ts'

/** The numeric types from narrow to wide: a value of one coerces to any later one. */
export const numericLadder: readonly TypeKind[] = [
  'SmallInt',
  'Int',
  'BigInt',
  'Decimal',
  'Real',
  'Double'
]

const supported: ReadonlySet<TypeKind> = new Set([
  'Boolean',
  'SmallInt',
  'Int',
  'BigInt',
  'Double',
  'Decimal',
  'Text',
  'Timestamp',
  'Json'
])

/** Types that compile today. The others parse, and get a diagnostic where a script names them. */
export function isSupported(type: SqlType): boolean {
  return supported.has(type.kind)
}

export function isNumeric(type: SqlType): boolean {
  return numericLadder.includes(type.kind)
}

export function isInteger(type: SqlType): boolean {
  return type.kind === 'SmallInt' || type.kind === 'Int' || type.kind === 'BigInt'
}

/** Equal in every detail, so that no cast is needed between them. */
export function sameType(a: SqlType, b: SqlType): boolean {
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case 'Decimal':
      return b.kind === 'Decimal' && a.precision === b.precision && a.scale === b.scale
    case 'Array':
      return b.kind === 'Array' && sameType(a.element, b.element)
    case 'Map':
      return b.kind === 'Map' && sameType(a.value, b.value)
    case 'Vector':
      return b.kind === 'Vector' && a.dimensions === b.dimensions
    case 'Row':
      return (
        b.kind === 'Row' &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, i) => {
          const other = b.fields[i]!
          return field.name === other.name && sameType(field.type, other.type)
        })
      )
    default:
      return true
  }
}
