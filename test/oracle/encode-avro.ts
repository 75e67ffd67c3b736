import type { Type, types } from 'avsc'
import type { SqlType } from '../../compiler/types/index.ts'
import { meaningOf, openAvro } from './avro-types.ts'
import { type Decimal, rescale } from './decimal.ts'
import { isUnion } from './read-avro.ts'
import { showKey } from './show.ts'
import type { Row, Value } from './value.ts'

/** A row as the library writes it, without the id of the schema. */
export function encodeAvro(
  schema: string,
  columns: readonly { readonly name: string; readonly type: SqlType }[],
  row: Row
): Uint8Array {
  const type = openAvro(schema)
  return Uint8Array.from(type.toBuffer(toRecord(type, columns, row)))
}

type Columns = Parameters<typeof encodeAvro>[1]

function toRecord(type: Type, columns: Columns, row: Row): Record<string, unknown> {
  const entries = (type as types.RecordType).fields.map((field, i) => [
    field.name,
    toAvro(field.type, columns[i]!.type, row[i] ?? null)
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** A change of a row, as Debezium tells it. */
export function encodeAvroEnvelope(
  schema: string,
  columns: Columns,
  change: {
    readonly before: Row | null
    readonly after: Row | null
    readonly op: string
    readonly at: number
  }
): Uint8Array {
  const type = openAvro(schema)
  const { types: branches } = (type as types.RecordType).fields[0]!.type as types.WrappedUnionType
  const rowType = branches.find(({ typeName }) => typeName === 'record')!
  const side = (row: Row | null): unknown =>
    row === null ? null : { [rowType.branchName!]: toRecord(rowType, columns, row) }
  const { before, after, op, at } = change
  const value = { before: side(before), after: side(after), op, ts_ms: { long: BigInt(at) } }
  return Uint8Array.from(type.toBuffer(value))
}

function toAvro(type: Type, sql: SqlType, value: Value): unknown {
  if (isUnion(type)) {
    if (value === null) return null
    const branch = type.types.find(({ typeName }) => typeName !== 'null')!
    return { [branch.branchName!]: toAvro(branch, sql, value) }
  }
  const { base, scale } = meaningOf(type)
  switch (sql.kind) {
    case 'SmallInt':
    case 'Int':
      return Number(value)
    case 'Timestamp':
    case 'TimestampTz':
      return BigInt(value as number)
    case 'Bytes':
      return Buffer.from(value as Uint8Array)
    case 'Interval':
      return showKey(value as NonNullable<Value>, sql)
    case 'Decimal':
      return bytesOf(rescale(value as Decimal, scale).unscaled)
    case 'Array':
      return (value as readonly Value[]).map(item =>
        toAvro((base as types.ArrayType).itemsType, sql.element, item)
      )
    case 'Map': {
      const { valuesType } = base as types.MapType
      const entries = [...(value as ReadonlyMap<string, Value>)]
      return Object.fromEntries(
        entries.map(([key, one]) => [key, toAvro(valuesType, sql.value, one)])
      )
    }
    case 'Row': {
      const { fields } = base as types.RecordType
      const row = value as readonly Value[]
      return Object.fromEntries(
        fields.map((field, i) => [
          field.name,
          toAvro(field.type, sql.fields[i]!.type, row[i] ?? null)
        ])
      )
    }
    default:
      return value
  }
}

/** Two's complement in as few bytes as hold it. */
function bytesOf(value: bigint): Buffer {
  let length = 1
  while (BigInt.asIntN(length * 8, value) !== value) length++
  const hex = BigInt.asUintN(length * 8, value).toString(16)
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex')
}
