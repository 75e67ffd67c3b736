import type { BoundSink } from '../../compiler/ir/index.ts'
import type { RowType } from '../../compiler/types/index.ts'
import { encodeAvro, encodeAvroEnvelope } from './encode-avro.ts'
import { encodeProtobuf } from './encode-protobuf.ts'
import { showJson, showKey } from './show.ts'
import type { OutputRecord, Row } from './value.ts'

/** A row as one record of a sink: columns in order, the key as `partition_key` says. */
export function encodeRow(sink: BoundSink, schema: RowType, row: Row): OutputRecord {
  const member = (index: number, isKey: boolean): string => {
    const { name, type } = schema.columns[index]!
    const value = row[index] ?? null
    // -0 equals 0: both are one key.
    const shown = isKey && Object.is(value, -0) ? 0 : value
    return `${JSON.stringify(name)}:${showJson(shown, type, sink.decimalFormat === 'string')}`
  }
  const record = (indexes: readonly number[], isKey = false): string =>
    `{${indexes.map(index => member(index, isKey)).join(',')}}`
  const plain = wholeColumn(sink, schema)
  return {
    key:
      sink.keySchema === null
        ? encodeKey(sink, schema, row, record)
        : encodeAvro(
            sink.keySchema,
            sink.partitionKey.map(index => schema.columns[index]!),
            // -0 equals 0: both are one key.
            sink.partitionKey.map(index => (Object.is(row[index], -0) ? 0 : (row[index] ?? null)))
          ),
    value:
      sink.encoding === 'avro'
        ? encodeAvro(rowSchema(sink), schema.columns, row)
        : sink.encoding === 'protobuf'
          ? encodeProtobuf(sink.recordSchema!, schema.columns, row)
          : plain === null
            ? record([...schema.columns.keys()])
            : plainValue(plain, schema, row),
    op: null
  }
}

/** Of the envelope around a row it is the first field's other branch. */
function rowSchema({ recordSchema, format }: BoundSink): string {
  if (format !== 'debezium') return recordSchema!
  const { fields } = JSON.parse(recordSchema!) as { fields: readonly { type: unknown[] }[] }
  return JSON.stringify(fields[0]!.type[1])
}

/** The column that is the whole value of a record of text or bytes. */
function wholeColumn({ format, partitionKey }: BoundSink, { columns }: RowType): number | null {
  if (format !== 'text' && format !== 'bytes') return null
  return columns.length === 1 ? 0 : columns.findIndex((_, i) => !partitionKey.includes(i))
}

function plainValue(index: number, schema: RowType, row: Row): OutputRecord['value'] {
  const value = row[index] ?? null
  return value === null ? null : showKey(value, schema.columns[index]!.type)
}

/** A row of a stream in the sink's format: in Debezium's it is a row that came. */
export function encodeEvent(sink: BoundSink, schema: RowType, row: Row): OutputRecord {
  const record = encodeRow(sink, schema, row)
  if (sink.format !== 'debezium') return record
  return { ...record, value: envelope(sink, schema, null, row, 'c') }
}

/** Debezium's, around rows as the sink writes them. */
function envelope(
  sink: BoundSink,
  schema: RowType,
  before: Row | null,
  after: Row | null,
  op: string
): OutputRecord['value'] {
  if (sink.encoding === 'avro') {
    return encodeAvroEnvelope(sink.recordSchema!, schema.columns, { before, after, op, at: NOW })
  }
  const show = (row: Row | null): string =>
    row === null ? 'null' : String(encodeRow(sink, schema, row).value)
  return `{"before":${show(before)},"after":${show(after)},"op":"${op}","ts_ms":${NOW}}`
}

/** When tests happen: the virtual clock's time. */
const NOW = Date.UTC(2026, 0, 1)

/** A change of a row as records of a sink: without a key an update is a delete and a create, where only JSON tells it. */
export function encodeChanges(
  sink: BoundSink,
  schema: RowType,
  change: { readonly before: Row | null; readonly after: Row | null },
  isKeyed: boolean
): OutputRecord[] {
  const { before, after } = change
  const isTold = sink.format === 'upsert' || sink.format === 'debezium'
  if (isKeyed || isTold || before === null || after === null) {
    return [encodeChange(sink, schema, change)]
  }
  return [
    encodeChange(sink, schema, { before, after: null }),
    encodeChange(sink, schema, { before: null, after })
  ]
}

/** A change of a table's row as one record of a sink, in the sink's format. */
function encodeChange(
  sink: BoundSink,
  schema: RowType,
  { before, after }: { readonly before: Row | null; readonly after: Row | null }
): OutputRecord {
  const op = before === null ? 'c' : after === null ? 'd' : 'u'
  const record = encodeRow(sink, schema, (after ?? before)!)
  if (sink.format === 'upsert')
    return { ...record, value: after === null ? null : record.value, op }
  if (sink.format !== 'debezium') return { ...record, op }
  return { ...record, value: envelope(sink, schema, before, after, op), op }
}

/** One key column is plain text; several are a JSON object, and so is a NULL that a row is told by. */
function encodeKey(
  { partitionKey: columns, keyFormat, keysNull }: BoundSink,
  schema: RowType,
  row: Row,
  record: (indexes: readonly number[], isKey: boolean) => string
): OutputRecord['key'] {
  const [first] = columns
  if (first === undefined) return null
  if (columns.length > 1 || keyFormat === 'json') return record(columns, true)
  const value = row[first] ?? null
  if (value !== null) return showKey(value, schema.columns[first]!.type)
  return keysNull ? record(columns, true) : null
}
