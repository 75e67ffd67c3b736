import type { RowType, SqlType, TypeKind } from './sql-type.ts'

/** The numeric types from narrow to wide: a value of one coerces to any later one. */
export const numericLadder: readonly TypeKind[] = [
  'SmallInt',
  'Int',
  'BigInt',
  'Decimal',
  'Real',
  'Double'
]

/** DATE becomes TIMESTAMP and that TIMESTAMPTZ: midnight, and in UTC. */
export const temporalLadder: readonly TypeKind[] = ['Date', 'Timestamp', 'TimestampTz']

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

/** Of values that are one JavaScript primitive each, so that `===` and Sets tell them apart. */
export function isPrimitive({ kind }: SqlType): boolean {
  return !['Decimal', 'Interval', 'Bytes', 'Array', 'Row', 'Map', 'Vector'].includes(kind)
}

/** Whether two values of the type have an order. JSON and maps have none. */
export function isOrdered(type: SqlType): boolean {
  switch (type.kind) {
    case 'Json':
    case 'Map':
      return false
    case 'Array':
      return isOrdered(type.element)
    case 'Row':
      return type.fields.every(field => isOrdered(field.type))
    default:
      return true
  }
}

/** Whether two values of the type can be equal: ordered ones, and maps of such. */
export function isComparable(type: SqlType): boolean {
  switch (type.kind) {
    case 'Json':
      return false
    case 'Map':
      return isComparable(type.value)
    case 'Array':
      return isComparable(type.element)
    case 'Row':
      return type.fields.every(field => isComparable(field.type))
    default:
      return true
  }
}

/** Whether a type is, or holds, a DECIMAL whose values have a scale each. */
export function holdsBareDecimal(type: SqlType): boolean {
  switch (type.kind) {
    case 'Decimal':
      return type.scale === null
    case 'Array':
      return holdsBareDecimal(type.element)
    case 'Map':
      return holdsBareDecimal(type.value)
    case 'Row':
      return type.fields.some(field => holdsBareDecimal(field.type))
    default:
      return false
  }
}

/** Whether a value can hold a NaN or an infinity, which JSON can't say. */
export function holdsDouble(type: SqlType): boolean {
  switch (type.kind) {
    case 'Double':
    case 'Real':
    case 'Vector':
      return true
    case 'Array':
      return holdsDouble(type.element)
    case 'Map':
      return holdsDouble(type.value)
    case 'Row':
      return type.fields.some(field => holdsDouble(field.type))
    default:
      return false
  }
}

/** The columns that `*` means. */
export function listedColumns({ columns }: RowType): RowType {
  return { columns: columns.filter(({ implicit }) => implicit !== true) }
}
