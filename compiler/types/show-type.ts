import type { RowType, SqlType } from './sql-type.ts'

/** A type as a script writes it: `DECIMAL(10,2)`, `TEXT[]`. */
export function showType(type: SqlType): string {
  switch (type.kind) {
    case 'Decimal':
      return type.precision === null ? 'DECIMAL' : `DECIMAL(${type.precision},${type.scale ?? 0})`
    case 'Array':
      return `${showType(type.element)}[]`
    case 'Map':
      return `MAP<TEXT, ${showType(type.value)}>`
    case 'Row':
      return `ROW(${type.fields.map(field => `${field.name} ${showType(field.type)}`).join(', ')})`
    case 'Vector':
      return `VECTOR(${type.dimensions})`
    default:
      return type.kind.toUpperCase()
  }
}

/** The columns of a row type, for messages that compare two: `(id BIGINT, name TEXT)`. */
export function showRowType(row: RowType): string {
  return `(${row.columns.map(column => `${column.name} ${showType(column.type)}`).join(', ')})`
}
