import type { NewRecord } from '../connect/memory/index.ts'
import { jsonExtract, unquoteJson } from '../functions/index.ts'
import { textToTimestamp } from '../functions/cast-from-text.ts'
import { jsonMembers } from '../functions/json-parts.ts'
import type { RecordHeader } from '../contract/index.ts'
import { jsonToBytes } from '../functions/bytes.ts'
import type { InputStep } from './plan.ts'

/** Members of a document, or elements of an array by their places: raw JSON text, or what is inside of them. */
type Members = Map<string | number, string | Members>

/**
 * The record that a source would read this row from, or that would delete it. `row` is the row as a JSON object of its columns;
 * the record's time is `now` unless a column gives another one.
 */
export function makeRecord(step: InputStep, row: string, now: number): NewRecord {
  return step.deletes === null ? makeRow(step, row, now) : makeDelete(step, row, now)
}

/** The row is the key, and the columns' own names are its members. */
function makeDelete({ columns, deletes }: InputStep, row: string, now: number): NewRecord {
  if (deletes === 'before') {
    const value = encode(`{"before":${row},"after":null,"op":"d"}`)
    return { key: null, value, timestamp: now }
  }
  const only = jsonExtract(row, [columns[0]!.name], -1)
  const key = deletes === 'json key' ? row : only === null ? null : unquoteJson(only)
  return { key: encode(key), value: null, timestamp: now }
}

function makeRow(
  { columns, isDocument, isChange }: InputStep,
  row: string,
  now: number
): NewRecord {
  const members: Members = new Map()
  const given = new Map<string, string | null>()
  let key: Uint8Array | null = null
  let whole: Uint8Array | null = null
  let headers: readonly RecordHeader[] = []
  for (const { name, to } of columns) {
    const json = jsonExtract(row, [name], -1)
    if (to.kind === 'field') setMember(members, to.path, json ?? 'null')
    else if (to.kind === 'key') key = toBytes(json, to.isBytes)
    else if (to.kind === 'value') whole = toBytes(json, to.isBytes)
    else if (to.kind === 'headers') headers = readHeaders(json, to.isBytes)
    else given.set(to.kind, json === null ? null : unquoteJson(json))
  }
  const timestamp = given.get('timestamp') ?? null
  const document = isChange
    ? `{"before":null,"after":${showMembers(members)},"op":"c"}`
    : showMembers(members)
  return {
    key,
    headers,
    value: isDocument ? encode(document) : whole,
    partition: Number(given.get('partition') ?? 0),
    timestamp: timestamp === null ? now : timeOf(timestamp)
  }
}

/** A time as the column has it: a BIGINT is milliseconds. */
function timeOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : textToTimestamp(text, -1)
}

/** The bytes of a text's JSON, or what it is base64 of. */
function toBytes(json: string | null, isBase64: boolean): Uint8Array | null {
  if (json === null || json === 'null') return null
  return isBase64 ? jsonToBytes(json, -1) : encode(unquoteJson(json))
}

/** The members of an object. */
function readHeaders(json: string | null, isBase64: boolean): RecordHeader[] {
  return [...jsonMembers(json ?? '{}')].map(([key, value]) => ({
    key,
    value: toBytes(value, isBase64)
  }))
}

function setMember(
  members: Members,
  [first, ...rest]: readonly (string | number)[],
  json: string
): void {
  if (rest.length === 0) return void members.set(first!, json)
  const inner = members.get(first!)
  const next: Members = inner instanceof Map ? inner : new Map()
  members.set(first!, next)
  setMember(next, rest, json)
}

function showMembers(members: Members): string {
  const shown = [...members].map(([name, value]) => {
    const json = typeof value === 'string' ? value : showMembers(value)
    return [name, json] as const
  })
  if (shown.some(([name]) => typeof name === 'number')) return showElements(new Map(shown))
  return `{${shown.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

/** What no column gives is null. */
function showElements(elements: ReadonlyMap<string | number, string>): string {
  const length = 1 + Math.max(...[...elements.keys()].map(Number))
  return `[${Array.from({ length }, (_, i) => elements.get(i) ?? 'null').join(',')}]`
}

function encode(text: string | null): Uint8Array | null {
  return text === null ? null : new TextEncoder().encode(text)
}
