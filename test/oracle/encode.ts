import type { BoundSink } from '../../compiler/ir/index.ts'
import type { RowType } from '../../compiler/types/index.ts'
import { showJson, showText } from './cast.ts'
import type { OutputRecord, Row } from './value.ts'

/** A row as one record of a sink: columns in order, the key as `partition_key` says. */
export function encodeRow(sink: BoundSink, schema: RowType, row: Row): OutputRecord {
  const member = (index: number): string => {
    const { name, type } = schema.columns[index]!
    const value = row[index] ?? null
    const text = showJson(value, type)
    const exact = type.kind === 'Decimal' || type.kind === 'BigInt'
    const quoted = exact && sink.decimalFormat === 'string' && value !== null
    return `${JSON.stringify(name)}:${quoted ? `"${text}"` : text}`
  }
  const record = (indexes: readonly number[]): string => `{${indexes.map(member).join(',')}}`
  return {
    key: encodeKey(sink.partitionKey, schema, row, record),
    value: record([...schema.columns.keys()])
  }
}

/** One key column is plain text and a NULL in it no key; several are a JSON object. */
function encodeKey(
  columns: readonly number[],
  schema: RowType,
  row: Row,
  record: (indexes: readonly number[]) => string
): string | null {
  const [first] = columns
  if (first === undefined) return null
  if (columns.length > 1) return record(columns)
  const value = row[first] ?? null
  return value === null ? null : showText(value, schema.columns[first]!.type)
}
