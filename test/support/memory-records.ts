import assert from 'node:assert/strict'
import {
  makeMemoryTopics,
  type MemoryRecord,
  type MemoryTopics
} from '../../runtime/connect/memory/index.ts'
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
    written.map(name => [name, topics.read(name).map(record => readWritten(record, topics))])
  )
}

function readWritten(record: MemoryRecord, topics: MemoryTopics): FixtureRecord {
  const { key, value, timestamp, partition } = record
  const op = headerOf(record, 'miracledb.op') as FixtureRecord['op']
  const error = readError(record, topics)
  const isDerived = error !== null && headerOf(record, 'miracledb.error.offset') === null
  const headers = record.headers.filter(header => !header.key.startsWith('miracledb.'))
  return { key, value: isDerived ? null : value, headers, timestamp, partition, error, op }
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
  const origin = topics
    .read(header('topic')!)
    .filter(({ partition }) => partition === Number(header('partition')))
    .find(({ offset }) => offset === Number(header('offset')))
  assert.ok(origin !== undefined, 'a dead letter says where it came from')
  assert.deepEqual([record.key, record.value], [origin.key, origin.value], 'a dead letter is raw')
  return { code, column: header('column') }
}
