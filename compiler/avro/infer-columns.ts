import { type AvroSchema, showSchema } from '../../runtime/avro/schema.ts'
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  DECIMAL,
  DOUBLE,
  type InferredColumn,
  type InferredColumns,
  INT,
  INTERVAL,
  MAX_PRECISION,
  REAL,
  type SqlType,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ
} from '../types/index.ts'

/** The columns that a record's fields are. A value that is no record is one column, `value`. */
export function inferColumns(schema: AvroSchema): InferredColumns {
  const record = plain(schema)
  const fields = record.kind === 'record' ? record.fields : [{ name: 'value', schema }]
  const columns: InferredColumn[] = []
  const left: { name: string; what: string }[] = []
  for (const field of fields) {
    const type = inferType(field.schema, [])
    if (type === null) left.push({ name: field.name, what: showSchema(field.schema) })
    else columns.push({ name: field.name, type, default: defaultOf(field, type) })
  }
  return { columns, left }
}

/** The row in a change of Debezium's: its record `after`; null: there is none. */
export function rowOfChange(schema: AvroSchema): AvroSchema | null {
  const change = plain(schema)
  const after = change.kind === 'record' ? change.fields.find(({ name }) => name === 'after') : null
  const row = after === null || after === undefined ? null : plain(after.schema)
  return row?.kind === 'record' ? row : null
}

/** A type, or the only one of its union beside null. */
function plain(schema: AvroSchema): AvroSchema {
  if (schema.kind !== 'union') return schema
  const others = schema.branches.filter(({ kind }) => kind !== 'null')
  return others.length === 1 ? others[0]! : schema
}

/** Null: no type of SQL holds all of its values. `within`: the records around it. */
function inferType(schema: AvroSchema, within: readonly AvroSchema[]): SqlType | null {
  const own = plain(schema)
  switch (own.kind) {
    case 'array': {
      const element = inferType(own.items, within)
      return element === null ? null : { kind: 'Array', element }
    }
    case 'map': {
      const value = inferType(own.values, within)
      return value === null ? null : { kind: 'Map', value }
    }
    case 'record':
      return inferRow(own, within)
    case 'union':
      return null
    case 'enum':
      return TEXT
    default:
      return (own.logical === null ? null : inferMeaning(own.logical)) ?? primitives[own.kind]
  }
}

function inferRow(
  record: Extract<AvroSchema, { kind: 'record' }>,
  within: readonly AvroSchema[]
): SqlType | null {
  // One that holds itself has no end.
  if (within.includes(record)) return null
  const inner = [...within, record]
  const fields = record.fields.map(({ name, schema }) => ({ name, type: inferType(schema, inner) }))
  if (!fields.every(hasType)) return null
  return { kind: 'Row', fields: fields.map(field => ({ ...field, nullable: true })) }
}

function hasType(field: {
  readonly name: string
  readonly type: SqlType | null
}): field is { readonly name: string; readonly type: SqlType } {
  return field.type !== null
}

const primitives = {
  null: null,
  boolean: BOOLEAN,
  int: INT,
  long: BIGINT,
  float: REAL,
  double: DOUBLE,
  bytes: BYTES,
  fixed: BYTES,
  string: TEXT
} as const

type Meaning = NonNullable<Extract<AvroSchema, { kind: 'fixed' }>['logical']>

function inferMeaning(logical: Meaning): SqlType | null {
  switch (logical.kind) {
    case 'decimal': {
      const { precision, scale } = logical
      return precision > MAX_PRECISION ? DECIMAL : { kind: 'Decimal', precision, scale }
    }
    case 'uuid':
      return TEXT
    case 'date':
      return DATE
    case 'time-millis':
    case 'time-micros':
      return TIME
    // An instant, wherever one is; without `local-` Avro means no other.
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'timestamp-nanos':
      return TIMESTAMPTZ
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
    case 'local-timestamp-nanos':
      return TIMESTAMP
    case 'duration':
      return INTERVAL
  }
}

function defaultOf(
  field: { readonly default?: unknown },
  { kind }: SqlType
): InferredColumn['default'] {
  const { default: value } = field
  switch (kind) {
    case 'Boolean':
      return typeof value === 'boolean' ? value : null
    case 'Int':
    case 'Real':
    case 'Double':
      return typeof value === 'number' ? value : null
    case 'BigInt':
      return Number.isSafeInteger(value) ? BigInt(value as number) : null
    case 'Text':
      return typeof value === 'string' ? value : null
    default:
      return null
  }
}
