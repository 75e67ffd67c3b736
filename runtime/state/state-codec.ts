import type { TableRow } from '../contract/index.ts'
import { makeDecimal, type Decimal } from '../sql/decimal.ts'
import { writePlainRow } from './write-plain-row.ts'

/**
 * Rows as they stand in a changelog topic and in a checkpoint: a JSON array, in which an object with one member says what JSON
 * can't: `{"n":"12"}` a bigint, `{"d":["150",2]}` a decimal, `{"f":"NaN"}` a double, `{"b":"..."}` bytes in base64,
 * `{"m":[[k,v]]}` a map, `{"v":[...]}` a vector, `{"o":{...}}` any other record of fields, as an interval.
 */
export function encodeRow(row: TableRow): Uint8Array {
  return writePlainRow(row) ?? Buffer.from(JSON.stringify(row.map(toJson)))
}

export function decodeRow(bytes: Uint8Array): TableRow {
  return rowOf(JSON.parse(decoder.decode(bytes)) as Json[])
}

/** As `encodeRow`, where it becomes part of something else. */
export function savedToText(row: TableRow): string {
  return JSON.stringify(row.every(isPlain) ? row : row.map(toJson))
}

/** Whether JSON says it as it is. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

export function savedFromText(text: string): TableRow {
  return rowOf(JSON.parse(text) as Json[])
}

/** A JSON array of rows: half the time of one row after the other. */
export function decodeRows(bytes: Uint8Array): TableRow[] {
  const rows = JSON.parse(decoder.decode(bytes)) as Json[][]
  return rows.map(rowOf)
}

function rowOf(row: Json[]): TableRow {
  // Most rows hold nothing that JSON can't say: they are taken as they are.
  for (const value of row) if (typeof value === 'object' && value !== null) return row.map(fromJson)
  return row
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

type Json = null | boolean | number | string | readonly Json[] | { readonly [tag: string]: Json }

function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { f: doubleText(value) }
    case 'bigint':
      return { n: value.toString() }
    case 'object':
      return value === null ? null : objectToJson(value)
    default:
      return value as string | boolean
  }
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function objectToJson(value: object): Json {
  if ('unscaled' in value) {
    const { unscaled, scale } = value as Decimal
    return { d: [unscaled.toString(), scale] }
  }
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString('base64') }
  if (value instanceof Float64Array) return { v: [...value].map(toJson) }
  if (value instanceof Map) return { m: [...value].map(([name, item]) => [name, toJson(item)]) }
  if (Array.isArray(value)) return value.map(toJson)
  return {
    o: Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]))
  }
}

function fromJson(json: Json): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(fromJson)
  const [tag, content] = Object.entries(json)[0]!
  return readers[tag]!(content as never)
}

const readers: Readonly<Record<string, (content: never) => unknown>> = {
  n: (text: string) => BigInt(text),
  d: ([unscaled, scale]: readonly [string, number]) => makeDecimal(BigInt(unscaled), scale),
  f: (text: string) => Number(text),
  b: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
  v: (items: readonly Json[]) => Float64Array.from(items, item => fromJson(item) as number),
  m: (entries: readonly (readonly [string, Json])[]) =>
    new Map(entries.map(([name, item]) => [name, fromJson(item)])),
  o: (fields: Readonly<Record<string, Json>>) =>
    Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, fromJson(item)]))
}
