import type { RowType, SqlType } from '../types/index.ts'

/** Why a column can't be written in Avro. */
export interface AvroMisfit {
  readonly column: string
  readonly kind: 'name' | 'decimal'
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * The schema of a sink's records, as text: a field per column, each of which may be null, and is where it is missing. So columns can
 * come and go, and a schema does not depend on what the compiler knows of NULL. `title` names the record.
 */
export function deriveSchema({ columns }: RowType, title: string): string | AvroMisfit {
  const misfit = findMisfit(columns)
  if (misfit !== null) return misfit
  return JSON.stringify(recordOf(nameOf(title), columns))
}

/** That of changes of rows, as Debezium tells them: the row before and after, what happened, and when. */
export function deriveEnvelope({ columns }: RowType, title: string): string | AvroMisfit {
  const misfit = findMisfit(columns)
  if (misfit !== null) return misfit
  const name = nameOf(title)
  return JSON.stringify({
    type: 'record',
    name: `${name}_Envelope`,
    fields: [
      { name: 'before', type: ['null', recordOf(name, columns)], default: null },
      { name: 'after', type: ['null', name], default: null },
      { name: 'op', type: 'string' },
      { name: 'ts_ms', type: ['null', 'long'], default: null }
    ]
  })
}

/** What others know the record by: letters, digits and underscores. */
function nameOf(title: string): string {
  const name = title.replace(/[^A-Za-z0-9_]/g, '_')
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

type Field = { readonly name: string; readonly type: SqlType }

function findMisfit(columns: readonly Field[]): AvroMisfit | null {
  for (const { name, type } of columns) {
    if (!NAME.test(name)) return { column: name, kind: 'name' }
    const inside = partOf(type)
    if (inside !== null) return { column: name, kind: inside }
  }
  return null
}

/** What is wrong with a type, or inside of it. */
function partOf(type: SqlType): AvroMisfit['kind'] | null {
  switch (type.kind) {
    // Avro's decimals have one scale for all values.
    case 'Decimal':
      return type.precision === null ? 'decimal' : null
    case 'Array':
      return partOf(type.element)
    case 'Map':
      return partOf(type.value)
    case 'Row':
      return findMisfit(type.fields)?.kind ?? null
    default:
      return null
  }
}

function recordOf(name: string, fields: readonly Field[]): Json {
  return {
    type: 'record',
    name,
    fields: fields.map(field => ({
      name: field.name,
      type: ['null', typeOf(field.type, `${name}_${field.name}`)],
      default: null
    }))
  }
}

/** `path`: what a record in it is called. */
function typeOf(type: SqlType, path: string): Json {
  switch (type.kind) {
    case 'Decimal': {
      const { precision, scale } = type
      return { type: 'bytes', logicalType: 'decimal', precision: precision!, scale: scale! }
    }
    case 'Array':
      return { type: 'array', items: ['null', typeOf(type.element, path)] }
    case 'Map':
      return { type: 'map', values: ['null', typeOf(type.value, path)] }
    case 'Row':
      return recordOf(path, type.fields)
    case 'Vector':
      return { type: 'array', items: 'double' }
    default:
      return scalars[type.kind]
  }
}

const scalars = {
  Boolean: 'boolean',
  SmallInt: 'int',
  Int: 'int',
  BigInt: 'long',
  Real: 'float',
  Double: 'double',
  Text: 'string',
  Bytes: 'bytes',
  Date: { type: 'int', logicalType: 'date' },
  Time: { type: 'int', logicalType: 'time-millis' },
  // Without a zone it is no instant.
  Timestamp: { type: 'long', logicalType: 'local-timestamp-millis' },
  TimestampTz: { type: 'long', logicalType: 'timestamp-millis' },
  // Avro's durations have no signs.
  Interval: 'string',
  Json: 'string',
  Null: 'null'
} as const
