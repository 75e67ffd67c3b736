import type { SqlType } from '../../compiler/types/index.ts'
import { showArray, showRow, splitArray } from './array-text.ts'
import { castValue } from './cast.ts'
import { Failure } from './failure.ts'
import { type Json, parseJson } from './json.ts'
import { showJson } from './show.ts'
import type { Value } from './value.ts'

type Present = Exclude<Value, null>
const TEXT: SqlType = { kind: 'Text' }
const DOUBLE: SqlType = { kind: 'Double' }
const JSON_TYPE: SqlType = { kind: 'Json' }

/** Casts from, to and between arrays, rows, maps and vectors: what is inside is cast by itself. */
export function castInside(value: Present, from: SqlType, to: SqlType): Value {
  switch (to.kind) {
    case 'Array':
      return toItems(value, from, to.element.kind === 'Array').map(([item, type]) =>
        castValue(item, type, to.element)
      )
    case 'Vector':
      return toVector(value, from, to.dimensions)
    case 'Row':
      return toRow(value, from, to)
    case 'Map':
      return toMap(value, from, to)
    case 'Text':
      return insideText(value, from)
    default:
      throw new Error(`no cast from ${from.kind} to ${to.kind}`)
  }
}

type Item = readonly [item: Value, type: SqlType]

/** Elements with the type that they have. */
function toItems(value: Present, from: SqlType, nested = false): readonly Item[] {
  switch (from.kind) {
    case 'Text':
      return splitArray(String(value), nested).map(item => [item, TEXT] as const)
    case 'Json':
      return jsonItems(String(value)).map(item => [item.text, JSON_TYPE] as const)
    case 'Vector':
      return (value as readonly Value[]).map(item => [item, DOUBLE] as const)
    case 'Array':
      return (value as readonly Value[]).map(item => [item, from.element] as const)
    default:
      throw new Error(`${from.kind} has no elements`)
  }
}

function jsonItems(text: string): readonly Json[] {
  const json = parseJson(text, 512)
  if (json.kind !== 'Array') throw new Failure('invalid-cast', text)
  return json.items
}

function toVector(value: Present, from: SqlType, dimensions: number): Value {
  const items = from.kind === 'Text' ? vectorItems(String(value)) : toItems(value, from)
  if (items.length !== dimensions) throw new Failure('wrong-dimensions', String(items.length))
  return items.map(([item, type]) => {
    const number = castValue(item, type, DOUBLE)
    if (number === null || !Number.isFinite(number)) throw new Failure('invalid-cast', 'no number')
    return number
  })
}

function vectorItems(text: string): readonly Item[] {
  const match = /^\s*\[([^]*)\]\s*$/.exec(text)
  if (match === null) throw new Failure('invalid-cast', text)
  return match[1]!.split(',').map(item => [item, TEXT] as const)
}

function toRow(value: Present, from: SqlType, to: Extract<SqlType, { kind: 'Row' }>): Value {
  if (from.kind === 'Row') {
    const items = value as readonly Value[]
    return items.map((item, i) => castValue(item, from.fields[i]!.type, to.fields[i]!.type))
  }
  const members = jsonMembers(jsonText(value, from))
  return to.fields.map(({ name, type }) =>
    castValue(members.get(name)?.text ?? 'null', JSON_TYPE, type)
  )
}

/** A text has to be JSON; its null is no object. */
function jsonText(value: Present, from: SqlType): string {
  return String(from.kind === 'Text' ? castValue(value, from, JSON_TYPE) : value)
}

function jsonMembers(text: string): ReadonlyMap<string, Json> {
  const json = parseJson(text, 512)
  if (json.kind !== 'Object') throw new Failure('invalid-cast', text)
  return json.members
}

function toMap(value: Present, from: SqlType, to: Extract<SqlType, { kind: 'Map' }>): Value {
  if (from.kind === 'Map') {
    const entries = [...(value as ReadonlyMap<string, Value>)]
    return new Map(entries.map(([key, item]) => [key, castValue(item, from.value, to.value)]))
  }
  const members = [...jsonMembers(jsonText(value, from))]
  return new Map(members.map(([key, item]) => [key, castValue(item.text, JSON_TYPE, to.value)]))
}

function insideText(value: Present, from: SqlType): string {
  switch (from.kind) {
    case 'Array': {
      const texts = (value as readonly Value[]).map(item => partText(item, from.element))
      return showArray(texts, from.element.kind === 'Array')
    }
    case 'Vector':
      return `[${(value as readonly Value[]).map(item => partText(item, DOUBLE)).join(',')}]`
    case 'Row':
      return showRow(
        (value as readonly Value[]).map((item, i) => partText(item, from.fields[i]!.type))
      )
    default:
      return mapText(value, from)
  }
}

/** The text of a part of an array or row, where booleans are letters. */
export function partText(item: Value, type: SqlType): string | null {
  return typeof item === 'boolean' ? (item ? 't' : 'f') : (castValue(item, type, TEXT) as string)
}

/** JSON, where a NaN makes it null. */
function mapText(value: Present, from: SqlType): string {
  try {
    return showJson(value, from)
  } catch {
    return 'null'
  }
}
