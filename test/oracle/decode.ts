import type { BoundColumn, BoundSource } from '../../compiler/ir/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { Failure } from './failure.ts'
import { type Json, parseJson } from './json.ts'
import { literalValue } from './literal.ts'
import { readJson } from './read-json.ts'
import { decodeAvroFields } from './decode-avro.ts'
import { protobufDocument } from './protobuf.ts'
import type { InputRecord, Value } from './value.ts'

/** Objects and arrays inside one another that a record may have, itself included. */
const MAX_DEPTH = 512

/**
 * The values of `columns`; throws a Failure when the record is bad. Generated columns are not in `columns`.
 * A record fails with the first column in the order of the document that does not fit its type; else with the first that
 * must not be NULL, in the order of the script; the key and the whole value come last.
 */
export function decodeRecord(
  source: BoundSource,
  columns: readonly BoundColumn[],
  record: InputRecord
): ReadonlyMap<BoundColumn, Value> {
  if (source.format === 'avro') return decodeAvro(source, columns, record)
  if (source.format === 'protobuf') {
    const vectors = columns.filter(({ type }) => type.kind === 'Vector').map(({ name }) => name)
    const value = protobufDocument(source, record, vectors)
    return decodeRecord({ ...source, format: 'json' }, columns, { ...record, value })
  }
  const document = source.columns.some(column => column.from.kind === 'Field')
    ? parseDocument(record)
    : null
  const values = new Map<BoundColumn, Value>()
  const fields = columns.filter(({ from }) => from.kind === 'Field')
  for (const column of inDocumentOrder(fields, document)) {
    values.set(column, decodeColumn(source, column, record, document))
  }
  for (const column of fields) checkNotNull(column, values.get(column)!)
  for (const column of columns) {
    if (column.from.kind === 'Field') continue
    const value = decodeColumn(source, column, record, document)
    checkNotNull(column, value)
    values.set(column, value)
  }
  return values
}

/** As `decodeRecord`: the fields in the order of the schema. */
function decodeAvro(
  source: BoundSource,
  columns: readonly BoundColumn[],
  record: InputRecord
): ReadonlyMap<BoundColumn, Value> {
  const fields = columns.filter(({ from }) => from.kind === 'Field')
  const values = decodeAvroFields(source, fields, record)
  for (const column of columns) {
    if (column.from.kind === 'Field') continue
    const value = decodeColumn(source, column, record, null)
    checkNotNull(column, value)
    values.set(column, value)
  }
  return values
}

function checkNotNull({ name, notNull }: BoundColumn, value: Value): void {
  if (notNull && value === null) throw new Failure('missing-value', 'missing or null', name)
}

function parseDocument(record: InputRecord): Json {
  if (record.value === null) throw new Failure('null-value', 'no value')
  const text = decodeUtf8(record.value)
  if (text === '') throw new Failure('empty-value', 'empty')
  const json = parseJson(text, MAX_DEPTH)
  if (json.kind !== 'Object') throw new Failure('not-an-object', 'not an object')
  return json
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Failure('invalid-utf8', 'not UTF-8')
  }
}

/** Fields as they stand in the document, then those that are missing. */
function inDocumentOrder(columns: readonly BoundColumn[], document: Json | null): BoundColumn[] {
  const names = document?.kind === 'Object' ? [...document.members.keys()] : []
  const place = (column: BoundColumn): number => {
    if (column.from.kind !== 'Field') return names.length
    const [first] = column.from.path
    // The whole document is read behind its members.
    if (first === undefined) return names.length + 1
    const at = names.indexOf(String(first))
    return at < 0 ? names.length : at
  }
  return columns.toSorted((a, b) => place(a) - place(b))
}

function decodeColumn(
  source: BoundSource,
  column: BoundColumn,
  record: InputRecord,
  document: Json | null
): Value {
  const { from } = column
  switch (from.kind) {
    case 'Value':
      return record.value === null ? null : bytesAs(record.value, column.type)
    case 'Field': {
      const json = follow(document, from.path)
      if (json === null) return literalValue(column.defaultValue?.value ?? null, column.type)
      return decodeField(json, column, source.timestampUnit)
    }
    case 'Metadata':
      return inColumn(column, () => decodeMetadata(from, source, record))
    case 'Generated':
      throw new Error(`${column.name} is not decoded`)
  }
}

function decodeMetadata(
  { what, type }: Extract<BoundColumn['from'], { readonly kind: 'Metadata' }>,
  source: BoundSource,
  record: InputRecord
): Value {
  switch (what) {
    case 'key':
      return record.key === null ? null : bytesAs(record.key, type)
    case 'partition':
      return BigInt(record.partition)
    case 'offset':
      return BigInt(record.offset)
    case 'timestamp':
      return type.kind === 'BigInt' ? BigInt(record.timestamp) : record.timestamp
    case 'topic':
      return source.topic
    case 'headers': {
      const value: SqlType = type.kind === 'Map' ? type.value : type
      const entries = (record.headers ?? []).map(
        header => [header.key, header.value && bytesAs(header.value, value)] as const
      )
      return new Map(entries)
    }
  }
}

function bytesAs(bytes: Uint8Array, type: SqlType): Value {
  return type.kind === 'Bytes' ? bytes : decodeUtf8(bytes)
}

/** The value at a path; null where a step leads nowhere. */
export function follow(json: Json | null, path: readonly (string | number)[]): Json | null {
  let at = json
  for (const step of path) {
    if (at?.kind === 'Object' && typeof step === 'string') at = at.members.get(step) ?? null
    else if (at?.kind === 'Array' && typeof step === 'number') at = at.items.at(step) ?? null
    else return null
  }
  return at
}

function decodeField(json: Json, column: BoundColumn, unit: BoundSource['timestampUnit']): Value {
  return inColumn(column, () => readJson(json, column.type, unit))
}

/** A failure that says which column it concerns. */
function inColumn(column: BoundColumn, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof Failure) throw new Failure(error.code, error.message, column.name)
    throw error
  }
}
