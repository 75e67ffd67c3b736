import { basename } from 'node:path'
import type { BoundSource, StreamGraph } from '../../compiler/ir/index.ts'
import {
  identityModel,
  type InputRecord,
  logisticModel,
  lookupModel,
  type Model,
  type OutputRecord,
  type Rejected,
  runOracle
} from '../oracle/index.ts'
import type { FixtureModel } from './fixtures.ts'
import { type FixtureRecord, type FixtureSchemas, frameOf } from './records.ts'

/** What a run leaves in the topics, and the code with which it stopped. */
export interface RunResult {
  readonly topics: ReadonlyMap<string, readonly FixtureRecord[]>
  readonly failed: string | null
}

/**
 * A dataflow graph through the slow twin, with ON ERROR as `language.md` says. A record that stops the pipeline leaves
 * what the records before it have written, and nothing of its own.
 */
export function runGraphInOracle(
  graph: StreamGraph,
  inputs: ReadonlyMap<string, readonly FixtureRecord[]>,
  models: Readonly<Record<string, FixtureModel>> = {},
  schemas: FixtureSchemas = {}
): RunResult {
  const numbered = numberRecords(inputs, schemas)
  const answers = modelsOf(graph, models)
  const { rejected, stopped } = runOracle(graph, numbered, answers)
  if (stopped !== null) {
    return { topics: writtenTopics(graph, numbered, answers, schemas), failed: stopped }
  }
  const stop = rejected.find(entry => stops(entry, graph))
  if (stop === undefined) {
    return { topics: writtenTopics(graph, numbered, answers, schemas), failed: null }
  }
  const { topic } = sourceOf(graph, stop.source)
  const before = numbered.get(topic)!.slice(0, numbered.get(topic)!.indexOf(stop.record!))
  const topics = writtenTopics(graph, new Map([...numbered, [topic, before]]), answers, schemas)
  return { topics, failed: stop.code }
}

function sourceOf({ script }: StreamGraph, name: string): BoundSource {
  return script.sources.find(source => source.name === name)!
}

function writtenTopics(
  graph: StreamGraph,
  inputs: ReadonlyMap<string, readonly InputRecord[]>,
  models: ReadonlyMap<string, Model>,
  schemas: FixtureSchemas
): RunResult['topics'] {
  const { outputs, rejected } = runOracle(graph, inputs, models)
  const topics = new Map<string, FixtureRecord[]>()
  const add = (topic: string, record: FixtureRecord): void => {
    topics.set(topic, [...(topics.get(topic) ?? []), record])
  }
  const ids = schemaIds(graph, schemas)
  for (const { sink } of graph.sinks) {
    const frames = [sink.recordSchema, sink.keySchema].map(schema =>
      schema === null ? null : frameOf(ids.get(schema)!)
    )
    for (const record of outputs.get(sink.name) ?? []) {
      const { key, value, ...rest } = fixtureRecord(record)
      add(sink.topic, { ...rest, key: framed(key, frames[1]!), value: framed(value, frames[0]!) })
    }
  }
  for (const entry of rejected) {
    const topic = deadLetterTopic(entry, graph)
    if (topic !== null) add(topic, deadLetter(entry))
  }
  return topics
}

/** As a registry gives them: known schemas keep theirs, others get the next. */
function schemaIds({ sinks }: StreamGraph, schemas: FixtureSchemas): ReadonlyMap<string, number> {
  const known = Object.entries(schemas).filter(([id]) => id !== 'file')
  const ids = new Map(known.map(([id, schema]) => [JSON.stringify(schema), Number(id)]))
  for (const schema of sinks.flatMap(({ sink }) => [sink.recordSchema, sink.keySchema])) {
    if (schema === null || ids.has(schema)) continue
    ids.set(schema, Math.max(0, ...ids.values()) + 1)
  }
  return ids
}

function framed(bytes: Uint8Array | null, frame: Uint8Array | null): Uint8Array | null {
  return frame === null || bytes === null ? bytes : Uint8Array.from(Buffer.concat([frame, bytes]))
}

function deadLetterTopic({ source, code }: Rejected, graph: StreamGraph): string | null {
  const { onError, onLate } = sourceOf(graph, source)
  if (code === 'late-row') return onLate.deadLetterTopic
  return onError.action === 'log' || onError.action === 'fail' ? null : onError.deadLetterTopic
}

function stops(entry: Rejected, graph: StreamGraph): boolean {
  const { onError } = sourceOf(graph, entry.source)
  const isKept = deadLetterTopic(entry, graph) !== null || entry.code === 'late-row'
  return !isKept && onError.action !== 'log'
}

/** Offsets count per topic and partition, in the order of the file. */
function numberRecords(
  inputs: ReadonlyMap<string, readonly FixtureRecord[]>,
  schemas: FixtureSchemas
): ReadonlyMap<string, readonly InputRecord[]> {
  return new Map(
    [...inputs].map(([topic, records]) => {
      const next = new Map<number, number>()
      return [
        topic,
        records.map(record => {
          const offset = next.get(record.partition) ?? 0
          next.set(record.partition, offset + 1)
          const [schema, keySchema] = [schemas[idOf(record.value)], schemas[idOf(record.key)]]
          const named = schema === undefined ? {} : { schema: JSON.stringify(schema) }
          const ofKey = keySchema === undefined ? {} : { keySchema: JSON.stringify(keySchema) }
          return { ...record, offset, ...named, ...ofKey }
        })
      ]
    })
  )
}

/** Of the schema that a value names, if it names any. */
function idOf(value: Uint8Array | null): number {
  return value === null || value.length < 5 || value[0] !== 0
    ? -1
    : Buffer.from(value).readUInt32BE(1)
}

function modelsOf(
  graph: StreamGraph,
  files: Readonly<Record<string, FixtureModel>>
): ReadonlyMap<string, Model> {
  return new Map(
    graph.script.models.map(({ name, path }) => [name, makeModel(files[basename(path)])])
  )
}

function makeModel(model: FixtureModel | undefined): Model {
  switch (model?.kind) {
    case 'logistic':
      return logisticModel(model.weights, model.bias)
    case 'lookup':
      return lookupModel(model.table)
    case 'identity':
      return identityModel(model.elementType)
    default:
      throw new Error('a case runs a model that nobody can make')
  }
}

function fixtureRecord({ key, value, op, headers = [] }: OutputRecord): FixtureRecord {
  const encode = (text: string | Uint8Array | null): Uint8Array | null =>
    typeof text === 'string' ? new TextEncoder().encode(text) : text
  const bytes = { key: encode(key), value: encode(value), headers }
  return { ...bytes, timestamp: 0, partition: 0, error: null, op }
}

function deadLetter({ record, code, column }: Rejected): FixtureRecord {
  const error = { code, column }
  if (record !== null) return { ...record, error, op: null }
  // A row that no record is has no bytes of its own.
  return { key: null, value: null, timestamp: 0, partition: 0, error, op: null }
}
