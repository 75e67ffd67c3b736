import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { isPlain, type StreamGraph } from '../../compiler/ir/index.ts'
import type { RowType, SqlType } from '../../compiler/types/index.ts'
import { type Json, parseJson } from '../oracle/index.ts'
import { type FixtureRecord, fromBytes } from './records.ts'

type Topics = ReadonlyMap<string, readonly FixtureRecord[]>

export interface Comparison {
  readonly ordered: boolean
  readonly tolerance: number
}

/**
 * Fails unless both hold the same records. Two spellings of one DOUBLE are the same (a copied 1.50 keeps its digits, a
 * computed one does not), and so are two of one string; integers, decimals and JSON must agree to the character.
 */
export function assertSameTopics(
  actual: Topics,
  expected: Topics,
  graph: StreamGraph,
  comparison: Comparison,
  title: string
): void {
  const { found, wanted } = showBoth(actual, expected, graph, comparison)
  assert.deepStrictEqual(found, wanted, title)
}

/** Whether `assertSameTopics` would pass. */
export function isSameTopics(
  actual: Topics,
  expected: Topics,
  graph: StreamGraph,
  comparison: Comparison
): boolean {
  const { found, wanted } = showBoth(actual, expected, graph, comparison)
  return isDeepStrictEqual(found, wanted)
}

function showBoth(
  actual: Topics,
  expected: Topics,
  { sinks }: StreamGraph,
  { ordered, tolerance }: Comparison
) {
  const schemas = new Map(
    sinks.map(({ sink, schema }) => [
      sink.topic,
      isPlain(sink.format) || sink.encoding !== 'json' ? null : schema
    ])
  )
  const enveloped = sinks.flatMap(({ sink }) =>
    sink.format === 'debezium' && sink.encoding === 'avro' ? sink.topic : []
  )
  const show = (topics: Topics): Shown => {
    const filled = [...topics].filter(([, records]) => records.length > 0)
    const shown = filled
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([topic, records]): readonly [string, string[][]] => [
        topic,
        records.map(record => {
          const told = enveloped.includes(topic) ? withoutTime(record) : record
          return showRecord(told, schemas.get(topic) ?? null)
        })
      ])
    return Object.fromEntries(
      shown.map(([topic, lines]) => [topic, ordered ? lines : lines.toSorted(compareShown)])
    )
  }
  const wanted = show(expected)
  const found = tolerance === 0 ? show(actual) : closeTo(show(actual), wanted, tolerance)
  return { found: joinLines(found), wanted: joinLines(wanted) }
}

/** A line per record: what differs is then read at once. */
function joinLines(topics: Shown): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(topics).map(([topic, records]) => [
      topic,
      records.map(lines => lines.join(' | '))
    ])
  )
}

function compareShown(a: readonly string[], b: readonly string[]): number {
  const left = a.join('\n')
  const right = b.join('\n')
  return left < right ? -1 : left > right ? 1 : 0
}

/** When a change was written is no part of what it says: in Avro it is the last number, whose bytes but the last have their highest bit. */
function withoutTime(record: FixtureRecord): FixtureRecord {
  const { value } = record
  if (value === null) return record
  let end = value.length - 1
  while (end > 0 && value[end - 1]! >= 0x80) end--
  return { ...record, value: value.subarray(0, end) }
}

/** A record as lines: key, dead letter's error, then a line per column. */
function showRecord(record: FixtureRecord, schema: RowType | null): string[] {
  const { error, op, headers = [] } = record
  const head = [
    `key ${JSON.stringify(fromBytes(record.key))}`,
    ...(op === null ? [] : [`op ${op}`]),
    // A dead letter has those of its record.
    ...(error !== null
      ? []
      : headers.map(one => `${one.key} ${JSON.stringify(fromBytes(one.value))}`)),
    ...(error === null ? [] : [`error ${error.code} ${error.column ?? '-'}`])
  ]
  const value = fromBytes(record.value)
  if (schema === null || typeof value !== 'string') return [...head, JSON.stringify(value)]
  // When a change was written is no part of what it says.
  const timeless = value.replace(/"ts_ms":\d+}$/, '"ts_ms":0}')
  return [...head, ...showColumns(parseJson(timeless, 2000), schema)]
}

function showColumns(json: Json, schema: RowType): string[] {
  if (json.kind !== 'Object') return [`not an object: ${json.text}`]
  return [...json.members].map(([name, value], i) => {
    const type = schema.columns[i]?.type
    return `${name}: ${type === undefined ? value.text : showValue(value, type)}`
  })
}

function showValue(json: Json, type: SqlType): string {
  if (type.kind === 'Json') return json.text
  switch (json.kind) {
    case 'String':
      return JSON.stringify(json.value)
    case 'Number':
      // Adding 0 makes -0 and 0 the same.
      return isFloat(type) ? String(Number(json.text) + 0) : json.text
    case 'Array':
      return `[${json.items.map(item => showValue(item, elementOf(type))).join(',')}]`
    case 'Object': {
      const members = [...json.members].map(
        ([name, value]) => `${JSON.stringify(name)}:${showValue(value, memberOf(type, name))}`
      )
      return `{${members.join(',')}}`
    }
    default:
      return json.text
  }
}

function isFloat({ kind }: SqlType): boolean {
  return kind === 'Double' || kind === 'Real'
}

function elementOf(type: SqlType): SqlType {
  return type.kind === 'Array' ? type.element : { kind: 'Double' }
}

function memberOf(type: SqlType, name: string): SqlType {
  if (type.kind === 'Map') return type.value
  const field = type.kind === 'Row' ? type.fields.find(field => field.name === name) : undefined
  return field?.type ?? { kind: 'Text' }
}

type Shown = Record<string, readonly string[][]>

/** Takes over the expected line where it holds a number that is close enough. */
function closeTo(actual: Shown, expected: Shown, tolerance: number): Shown {
  const pick = (line: string, wanted: string | undefined): string => {
    const [name, number] = splitNumber(line)
    const [wantedName, wantedNumber] = splitNumber(wanted ?? '')
    const limit = tolerance * Math.max(1, Math.abs(wantedNumber))
    return name === wantedName && Math.abs(number - wantedNumber) <= limit ? wanted! : line
  }
  return Object.fromEntries(
    Object.entries(actual).map(([topic, records]) => [
      topic,
      records.map((record, i) => record.map((line, j) => pick(line, expected[topic]?.[i]?.[j])))
    ])
  )
}

function splitNumber(line: string): readonly [name: string, number: number] {
  const at = line.indexOf(': ')
  return [line.slice(0, at), at < 0 ? NaN : Number(line.slice(at + 2))]
}
