import assert from 'node:assert/strict'
import {
  makeMemoryTopics,
  type MemoryRecord,
  type MemoryTopics
} from '../../runtime/connect/memory/index.ts'
import { arrowDocuments } from '../oracle/index.ts'
import type { FixtureRecord } from './records.ts'

export type Topics = ReadonlyMap<string, readonly FixtureRecord[]>

export function appendRecords(topics: MemoryTopics, inputs: Topics): void {
  for (const [topic, records] of inputs) {
    for (const record of records) topics.append(topic, record)
  }
}

export function topicsWith(inputs: Topics): MemoryTopics {
  const topics = makeMemoryTopics()
  appendRecords(topics, inputs)
  return topics
}

/** Topics of their own over those of `inputs`, which are read in place: for many runs over a long input. */
export function topicsOver(inputs: MemoryTopics): MemoryTopics {
  const own = makeMemoryTopics()
  return {
    ...own,
    names: () => [...inputs.names(), ...own.names()],
    read: topic => (inputs.names().includes(topic) ? inputs : own).read(topic)
  }
}

/** What a pipeline wrote: all topics that are neither inputs nor its own. Dead letters have to name the record that they hold. */
export function writtenRecords(topics: MemoryTopics, inputs: Topics): Topics {
  const written = topics
    .names()
    .filter(name => !inputs.has(name) && !/-(state|exchange)$/.test(name))
  return new Map(
    written.map(name => [
      name,
      topics.read(name).flatMap(record => rowsOf(readWritten(record, topics)))
    ])
  )
}

/** The rows of an Arrow IPC stream, each as a record with the JSON of the row: how many come together depends on polls. */
function rowsOf(record: FixtureRecord): FixtureRecord[] {
  const { value, error } = record
  if (error !== null || !isArrow(value)) return [record]
  return arrowDocuments(value).map(row => ({ ...record, value: row }))
}

/** A stream begins with four bytes that no text has. */
function isArrow(value: Uint8Array | null): value is Uint8Array {
  return value !== null && value.length > 8 && value.subarray(0, 4).every(byte => byte === 0xff)
}

function readWritten(record: MemoryRecord, topics: MemoryTopics): FixtureRecord {
  const { key, value, timestamp, partition } = record
  const op = headerOf(record, 'miracledb.op') as FixtureRecord['op']
  const error = readError(record, topics)
  const isDerived = error !== null && headerOf(record, 'miracledb.error.offset') === null
  const headers = record.headers.filter(header => !header.key.startsWith('miracledb.'))
  const shown = isArrow(value) && error !== null ? letterRow(record, topics) : value
  return { key, value: isDerived ? null : shown, headers, timestamp, partition, error, op }
}

function headerOf({ headers }: MemoryRecord, name: string): string | null {
  const value = headers.find(({ key }) => key === name)?.value ?? null
  return value === null ? null : Buffer.from(value).toString()
}

function readError(record: MemoryRecord, topics: MemoryTopics): FixtureRecord['error'] {
  const header = (name: string): string | null => headerOf(record, `miracledb.error.${name}`)
  const code = header('code')
  if (code === null) return null
  // A row of a table or a group comes from no record.
  if (header('offset') === null) return { code, column: header('column') }
  const origin = originOf(record, topics)
  assert.deepEqual(record.key, origin.key, "a dead letter has its record's key")
  if (!isArrow(record.value)) assert.deepEqual(record.value, origin.value, 'a dead letter is raw')
  return { code, column: header('column') }
}

function originOf(record: MemoryRecord, topics: MemoryTopics): MemoryRecord {
  const header = (name: string): string | null => headerOf(record, `miracledb.error.${name}`)
  const place = { partition: Number(header('partition')), offset: Number(header('offset')) }
  const origin = topics
    .read(header('topic')!)
    .find(({ partition, offset }) => offset === place.offset && partition === place.partition)
  assert.ok(origin !== undefined, 'a dead letter says where it came from')
  return origin
}

/** Of a record of rows a letter is the record itself, or one of its rows: then its JSON. */
function letterRow(letter: MemoryRecord, topics: MemoryTopics): Uint8Array {
  const { value } = originOf(letter, topics)
  if (Buffer.compare(letter.value!, value!) === 0) return value!
  const [row, ...more] = arrowDocuments(letter.value)
  assert.deepEqual(more, [], 'a dead letter is one row')
  assert.ok(arrowDocuments(value).map(String).includes(String(row)), 'a dead letter is its row')
  return row!
}
