import type { NodeOf, StreamGraph, StreamNode } from '../../compiler/ir/index.ts'
import { parseJson } from '../oracle/index.ts'
import { type FixtureRecord, fromBytes, toBytes } from './records.ts'

type Topics = ReadonlyMap<string, readonly FixtureRecord[]>

/**
 * Topics with each changelog of groups and joins folded to the rows that it ends with: when a change is told depends on when
 * barriers come, and on which side of a join comes first. Other topics stay as they are.
 */
export function foldChanges(topics: Topics, graph: StreamGraph): Topics {
  const folded = new Map(topics)
  for (const node of graph.sinks) {
    const { topic } = node.sink
    const records = topics.get(topic)
    if (records === undefined || !isFolded(node.inputs[0]!)) continue
    const rows = records.filter(({ error }) => error === null)
    const others = records.filter(({ error }) => error !== null)
    const left = foldRecords(rows, identify(node))
    const created = node.sink.format === 'debezium' ? left.map(createdByDebezium) : left
    folded.set(topic, [...created, ...others])
  }
  return folded
}

/** Whether the changes of a stream are told at barriers, or in one order of several. */
function isFolded(node: StreamNode): boolean {
  if (node.kind === 'Aggregate' && node.emission === 'changes') return true
  if (node.kind === 'Join' && node.traits.changes === 'retract') return true
  return node.inputs.some(isFolded)
}

/** The records that are left, each as if it had just been created. */
function foldRecords(
  records: readonly FixtureRecord[],
  identityOf: (record: FixtureRecord) => string | null
): FixtureRecord[] {
  const left = new Map<string, FixtureRecord[]>()
  for (const record of records) {
    const identity = identityOf(record)
    const id = identity ?? String(fromBytes(record.value))
    const same = left.get(id) ?? []
    const isDelete = record.op === 'd' || record.value === null
    // What goes has been there.
    if (isDelete && same.length === 0) throw new Error(`a delete without its row: ${id}`)
    if (isDelete) left.set(id, same.slice(1))
    // Without a key every row is one of its own.
    else left.set(id, identity === null ? [...same, record] : [record])
  }
  return [...left.values()].flat().map(record => ({ ...record, op: 'c' as const }))
}

/** A change in Debezium's envelope says of the row before what `op` says beside it. */
function createdByDebezium(record: FixtureRecord): FixtureRecord {
  const json = parseJson(String(fromBytes(record.value)), 2000)
  if (json.kind !== 'Object') return record
  const [after, time] = ['after', 'ts_ms'].map(name => json.members.get(name)!.text)
  const value = `{"before":null,"after":${after},"op":"c","ts_ms":${time}}`
  return { ...record, value: toBytes(value) }
}

/** What tells which row a record is of: an upsert's key, else the values of the stream's key; null: it has none. */
function identify({
  sink,
  schema,
  traits
}: NodeOf<'Sink'>): (record: FixtureRecord) => string | null {
  if (sink.format === 'upsert') return record => JSON.stringify(fromBytes(record.key))
  if (traits.key === null) return () => null
  const names = traits.key.map(index => schema.columns[index]!.name)
  return ({ value }) => {
    const json = parseJson(String(fromBytes(value)), 2000)
    if (json.kind !== 'Object') return json.text
    const after = json.members.get('after')
    const row = after?.kind === 'Object' ? after : json.members.get('before')
    const { members } = row?.kind === 'Object' ? row : json
    return JSON.stringify(names.map(name => members.get(name)?.text ?? null))
  }
}
