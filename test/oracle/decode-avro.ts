import type { Type, types } from 'avsc'
import type { BoundColumn, BoundSource } from '../../compiler/ir/index.ts'
import { openAvro } from './avro-types.ts'
import { Failure } from './failure.ts'
import { literalValue } from './literal.ts'
import { isUnion, readAvro } from './read-avro.ts'
import type { InputRecord, Value } from './value.ts'

/** The fields of a record in Avro: what is wrong is said of the first column, in the order of the schema. */
export function decodeAvroFields(
  source: BoundSource,
  columns: readonly BoundColumn[],
  { value, schema }: InputRecord
): Map<BoundColumn, Value> {
  if (value === null) throw new Failure('null-value', 'no value')
  const { type, bytes } = openRecord(source, Buffer.from(value), schema)
  const document = readWhole(type, bytes)
  const record = recordIn(type, document)
  const values = new Map<BoundColumn, Value>()
  const [only] = columns
  if (record.type.typeName !== 'record' && columns.length === 1) {
    // A value that is no record is that of the only column.
    return new Map([[only!, inColumn(only!, () => valueIn(record, only!, source))]])
  }
  for (const column of inSchemaOrder(columns, record.type)) {
    values.set(
      column,
      inColumn(column, () => follow(record, column, source))
    )
  }
  return values
}

function openRecord(
  source: BoundSource,
  value: Buffer,
  schema: string | undefined
): { type: Type; bytes: Buffer } {
  if (source.writerSchema !== null) return { type: openAvro(source.writerSchema), bytes: value }
  if (value.length < 5 || value[0] !== 0) throw new Failure('no-schema-id', 'no schema')
  if (schema === undefined) throw new Failure('unknown-schema', 'no such schema')
  return { type: openAvro(schema), bytes: value.subarray(5) }
}

function readWhole(type: Type, bytes: Buffer): unknown {
  try {
    return type.fromBuffer(bytes)
  } catch (error) {
    const { message } = error as Error
    if (message.includes('trailing')) throw new Failure('trailing-bytes', message)
    throw new Failure(message.includes('truncated') ? 'truncated-avro' : 'malformed-avro', message)
  }
}

interface At {
  readonly type: Type
  readonly value: unknown
}

function recordIn(type: Type, value: unknown): At {
  if (!isUnion(type) || value === null) return { type, value }
  const [name, inner] = Object.entries(value as object)[0]! as [string, unknown]
  return { type: type.types.find(one => one.branchName === name)!, value: inner }
}

function fieldOf({ type }: At, name: string): types.RecordType['fields'][number] | undefined {
  if (type.typeName !== 'record') return undefined
  return (type as types.RecordType).fields.find(field => field.name === name)
}

function inSchemaOrder(columns: readonly BoundColumn[], type: Type): readonly BoundColumn[] {
  const names = type.typeName === 'record' ? (type as types.RecordType).fields : []
  const place = (column: BoundColumn): number => {
    const at = names.findIndex(({ name }) => name === pathOf(column)[0])
    return at < 0 ? names.length : at
  }
  return columns.toSorted((a, b) => place(a) - place(b))
}

function pathOf({ from }: BoundColumn): readonly string[] {
  return from.kind === 'Field' ? from.path.map(String) : []
}

function follow(start: At, column: BoundColumn, { timestampUnit }: BoundSource): Value {
  let at: At | null = start
  const path = pathOf(column)
  for (const [index, name] of path.entries()) {
    const field = fieldOf(at, name)
    if (field === undefined) return missing(column)
    const value: unknown = (at.value as Record<string, unknown>)[name]
    at = index === path.length - 1 ? { type: field.type, value } : recordIn(field.type, value)
    if (at.value === null && index < path.length - 1) return missing(column)
  }
  return valueIn(at, column, { timestampUnit })
}

function valueIn(
  { type, value: found }: At,
  column: BoundColumn,
  { timestampUnit }: Pick<BoundSource, 'timestampUnit'>
): Value {
  const value = readAvro(type, found, column.type, timestampUnit)
  if (value === null && column.notNull) throw new Failure('missing-value', 'null')
  return value
}

function missing({ defaultValue, type, notNull }: BoundColumn): Value {
  const value = literalValue(defaultValue?.value ?? null, type)
  if (value === null && notNull) throw new Failure('missing-value', 'missing')
  return value
}

function inColumn(column: BoundColumn, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof Failure) throw new Failure(error.code, error.message, column.name)
    throw error
  }
}
