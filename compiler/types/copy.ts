import type { SqlType } from './sql-type.ts'

/**
 * Whether JSON of the type can mostly go from a source to a sink byte by byte: what it may be written as comes in, or a look
 * at the bytes tells. `quoted`: the sink writes BIGINT and DECIMAL as strings.
 */
export function canCopyJson(type: SqlType, quoted: boolean): boolean {
  switch (type.kind) {
    case 'BigInt':
    case 'Decimal':
      return !quoted
    // They come in several forms and leave in one.
    case 'Real':
    case 'Time':
    case 'Timestamp':
    case 'TimestampTz':
    case 'Interval':
      return false
    case 'Array':
      return canCopyJson(type.element, quoted)
    case 'Map':
      return canCopyJson(type.value, quoted)
    case 'Row':
      return type.fields.every(field => canCopyJson(field.type, quoted))
    default:
      return true
  }
}

/** Whether the type is or holds a BIGINT or a DECIMAL: what a sink may write as strings. */
export function holdsExact(type: SqlType): boolean {
  switch (type.kind) {
    case 'BigInt':
    case 'Decimal':
      return true
    case 'Array':
      return holdsExact(type.element)
    case 'Map':
      return holdsExact(type.value)
    case 'Row':
      return type.fields.some(field => holdsExact(field.type))
    default:
      return false
  }
}
