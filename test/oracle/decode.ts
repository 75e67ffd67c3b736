import type { BoundColumn, BoundSource } from '../../compiler/ir/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { fitDecimal, parseDecimal } from './decimal.ts'
import { Failure } from './failure.ts'
import { type Json, parseJson } from './json.ts'
import { literalValue } from './literal.ts'
import { epochToMs, parseTimestamp } from './timestamp.ts'
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
    const at = column.from.kind === 'Field' ? names.indexOf(String(column.from.path[0])) : -1
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
      return record.value === null ? null : decodeUtf8(record.value)
    case 'Field': {
      const json = follow(document, from.path)
      if (json === null) return literalValue(column.defaultValue?.value ?? null, column.type)
      return decodeField(json, column, source.timestampUnit)
    }
    case 'Metadata':
      return inColumn(column, () => decodeMetadata(from.what, source, record))
    case 'Generated':
      throw new Error(`${column.name} is not decoded`)
  }
}

function decodeMetadata(
  what: 'key' | 'partition' | 'offset' | 'timestamp' | 'topic',
  source: BoundSource,
  record: InputRecord
): Value {
  switch (what) {
    case 'key':
      return record.key === null ? null : decodeUtf8(record.key)
    case 'partition':
      return BigInt(record.partition)
    case 'offset':
      return BigInt(record.offset)
    case 'timestamp':
      return record.timestamp
    case 'topic':
      return source.topic
  }
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
  return json.kind === 'Null' ? null : inColumn(column, () => readJson(json, column.type, unit))
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

/** A JSON value that is not null as a value of a column's type. */
function readJson(json: Json, type: SqlType, unit: BoundSource['timestampUnit']): Value {
  switch (type.kind) {
    case 'Boolean':
      if (json.kind === 'True' || json.kind === 'False') return json.kind === 'True'
      throw wrongType()
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return readInteger(json, type.kind)
    case 'Real':
    case 'Double':
      return readDouble(json, type.kind)
    case 'Decimal': {
      const value = parseDecimal(quotedNumber(json))
      if (value === null) throw wrongType()
      return fitDecimal(value, type.precision, type.scale)
    }
    case 'Text':
      return readText(json)
    case 'Timestamp':
      return readTimestamp(json, unit)
    case 'Json':
      return json.text
    default:
      throw new Error(`${type.kind} is not supported`)
  }
}

/** Only BIGINT takes digits in quotes, without escapes: they are how senders keep more of them than a double holds. */
function readInteger(json: Json, kind: 'SmallInt' | 'Int' | 'BigInt'): bigint {
  const quoted = json.kind === 'String' && kind === 'BigInt'
  const text = quoted ? json.text.slice(1, -1) : numberText(json)
  if (!/^-?(0|[1-9]\d*)$/.test(text)) throw new Failure('not-an-integer', text)
  return fitField(BigInt(text), kind)
}

function fitField(value: bigint, kind: 'SmallInt' | 'Int' | 'BigInt'): bigint {
  const bits = kind === 'SmallInt' ? 16 : kind === 'Int' ? 32 : 64
  if (BigInt.asIntN(bits, value) !== value) throw new Failure('out-of-range', 'too large')
  return value
}

function readDouble(json: Json, kind: 'Real' | 'Double'): number {
  const value = Number(numberText(json))
  const rounded = kind === 'Real' ? Math.fround(value) : value
  if (!Number.isFinite(rounded)) throw new Failure('out-of-range', 'too large')
  return rounded
}

function readText(json: Json): string {
  if (json.kind === 'Object' || json.kind === 'Array') return json.text
  if (json.kind !== 'String') throw wrongType()
  if (!json.value.isWellFormed()) throw new Failure('lone-surrogate', 'half a pair')
  return json.value
}

function readTimestamp(json: Json, unit: BoundSource['timestampUnit']): number {
  if (json.kind === 'String') {
    const ms = parseTimestamp(json.value)
    if (ms === null) throw new Failure('invalid-timestamp', json.value)
    return ms
  }
  const ms = epochToMs(numberText(json), unit)
  if (ms === null) throw new Failure('invalid-timestamp', json.text)
  return ms
}

function numberText(json: Json): string {
  if (json.kind === 'Number') return json.text
  throw wrongType()
}

/** A number, or one in quotes, in JSON's spelling: without escapes. */
function quotedNumber(json: Json): string {
  if (json.kind !== 'String') return numberText(json)
  const text = json.text.slice(1, -1)
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text
  throw wrongType()
}

function wrongType(): Failure {
  return new Failure('wrong-type', 'the JSON type does not fit')
}
