import type { Codec } from '../codec/index.ts'
import { RecordWriter } from '../codec/index.ts'
import { formatArray, formatRow, parseArray } from '../sql/array-text.ts'
import { failure } from '../sql/failure.ts'
import { wrongKind } from './cast-from-json.ts'
import { invalid, textToDouble } from './cast-from-text.ts'
import { doubleToText } from './cast-to-text.ts'
import { jsonElements, jsonMembers } from './json-parts.ts'
import { textToJson } from './json.ts'

// Casts from, to and between arrays, rows, maps and vectors. Each is given the cast of what is inside; NULL stays NULL there.

/** The cast of an element; it throws at its place in the SQL. */
type Convert<From, To> = (value: From, site: number) => To

export function castArray<From, To>(
  value: readonly (From | null)[],
  convert: Convert<From, To>,
  site = -1
): readonly (To | null)[] {
  return value.map(item => (item === null ? null : convert(item, site)))
}

export function castMap<From, To>(
  value: ReadonlyMap<string, From | null>,
  convert: Convert<From, To>,
  site = -1
): ReadonlyMap<string, To | null> {
  const map = new Map<string, To | null>()
  for (const [key, item] of value) map.set(key, item === null ? null : convert(item, site))
  return map
}

/** Field by field. */
export function castRow(
  value: readonly unknown[],
  converts: readonly Convert<never, unknown>[],
  site = -1
): readonly unknown[] {
  return value.map((item, i) => (item === null ? null : converts[i]!(item as never, site)))
}

export function vectorToArray<To>(
  value: Float64Array,
  convert: Convert<number, To>,
  site = -1
): readonly (To | null)[] {
  return Array.from(value, item => convert(item, site))
}

/** Fails where the size is another one or an element is NULL. */
export function arrayToVector<From>(
  value: readonly (From | null)[],
  dimensions: number,
  convert: Convert<From, number>,
  site: number
): Float64Array {
  checkSize(value.length, dimensions, site)
  return Float64Array.from(value, item => {
    if (item === null) throw failure(site, 'invalid-cast', 'a vector has no NULL among its numbers')
    return convert(item, site)
  })
}

function checkSize(size: number, dimensions: number, site: number): void {
  if (size === dimensions) return
  throw failure(site, 'wrong-dimensions', `${size} numbers are no VECTOR(${dimensions})`)
}

/** PostgreSQL's `{1,2,NULL}`. */
export function textToArray<To>(
  text: string,
  nested: boolean,
  convert: Convert<string, To>,
  site: number
): readonly (To | null)[] {
  const items = parseArray(text, nested)
  if (items === null) throw invalid(site, 'an array', text)
  return castArray(items, convert, site)
}

/** The text of a boolean inside of another text. */
export function booleanLetter(value: boolean): string {
  return value ? 't' : 'f'
}

export function arrayToText<From>(
  value: readonly (From | null)[],
  convert: Convert<From, string>,
  nested: boolean
): string {
  return formatArray(castArray(value, convert), nested)
}

export function rowToText(
  value: readonly unknown[],
  converts: readonly Convert<never, string>[]
): string {
  return formatRow(castRow(value, converts) as readonly (string | null)[])
}

/** JSON in brackets, as pgvector has it. */
export function textToVector(text: string, dimensions: number, site: number): Float64Array {
  const match = /^\s*\[(.*)\]\s*$/s.exec(text)
  if (match === null) throw invalid(site, 'a vector', text)
  const items = match[1]!.split(',')
  checkSize(items.length, dimensions, site)
  return Float64Array.from(items, item => finite(textToDouble(item, site), site))
}

function finite(value: number, site: number): number {
  if (Number.isFinite(value)) return value
  throw failure(site, 'invalid-cast', 'a vector has neither NaN nor infinities')
}

export function vectorToText(value: Float64Array): string {
  return `[${Array.from(value, doubleToText).join(',')}]`
}

export function jsonToArray<To>(
  json: string,
  convert: Convert<string, To>,
  site: number
): readonly (To | null)[] {
  if (json[0] !== '[') throw wrongKind(json, 'an array', site)
  return jsonElements(json).map(item => (item === 'null' ? null : convert(item, site)))
}

/** By the fields' names; those that are missing are NULL. */
export function jsonToRow(
  json: string,
  names: readonly string[],
  converts: readonly Convert<string, unknown>[],
  site: number
): readonly unknown[] {
  if (json[0] !== '{') throw wrongKind(json, 'a ROW', site)
  const members = jsonMembers(json)
  return names.map((name, i) => {
    const item = members.get(name) ?? 'null'
    return item === 'null' ? null : converts[i]!(item, site)
  })
}

/** A text that is a JSON object. */
export function textToRow(
  text: string,
  names: readonly string[],
  converts: readonly Convert<string, unknown>[],
  site: number
): readonly unknown[] {
  const json = textToJson(text, site)
  if (json === null) throw invalid(site, 'a ROW', text)
  return jsonToRow(json, names, converts, site)
}

export function jsonToMap<To>(
  json: string,
  convert: Convert<string, To>,
  site: number
): ReadonlyMap<string, To | null> {
  if (json[0] !== '{') throw wrongKind(json, 'a MAP', site)
  const map = new Map<string, To | null>()
  for (const [key, item] of jsonMembers(json)) {
    map.set(key, item === 'null' ? null : convert(item, site))
  }
  return map
}

/** A text that is a JSON object. */
export function textToMap<To>(
  text: string,
  convert: Convert<string, To>,
  site: number
): ReadonlyMap<string, To | null> {
  const json = textToJson(text, site)
  if (json === null) throw invalid(site, 'a MAP', text)
  return jsonToMap(json, convert, site)
}

export function jsonToVector(json: string, dimensions: number, site: number): Float64Array {
  if (json[0] !== '[') throw wrongKind(json, 'a VECTOR', site)
  const items = jsonElements(json)
  checkSize(items.length, dimensions, site)
  return Float64Array.from(items, item => {
    if (!/^[-\d]/.test(item)) throw wrongKind(json, 'a VECTOR', site)
    return textToDouble(item, site)
  })
}

const writer = new RecordWriter()
const decoder = new TextDecoder()

/** The JSON text of a value; of one with a NaN or an infinity it is null: JSON can't say them. */
export function jsonOf<T>(value: T, codec: Codec<T>): string {
  return writeJson(value, codec) ?? 'null'
}

/** As `jsonOf`, and fails where JSON can't say the value. */
export function valueToJson<T>(value: T, codec: Codec<T>, site: number): string {
  const json = writeJson(value, codec)
  if (json !== null) return json
  throw failure(site, 'not-finite', 'JSON has neither NaN nor infinities')
}

function writeJson<T>(value: T, codec: Codec<T>): string | null {
  writer.beginAt(0, 0, 0)
  codec.write(writer, value)
  const finite = writer.end()
  const { bytes, valueStart, valueEnd } = writer.take()
  const text = decoder.decode(bytes.subarray(valueStart[0]!, valueEnd[0]!))
  writer.clear()
  return finite ? text : null
}
