import { isPlain, type NodeOf, type StreamGraph, type StreamNode } from '../../compiler/ir/index.ts'
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
    folded.set(topic, [...foldRecords(rows, node), ...others])
  }
  return folded
}

/** Whether the changes of a stream are told at barriers, or in one order of several. */
function isFolded(node: StreamNode): boolean {
  if ('emission' in node && node.emission === 'changes') return true
  if (node.kind === 'Join' && node.traits.changes === 'retract') return true
  return node.inputs.some(isFolded)
}

/** A row as its JSON text, before and after a change; null: there was, or is, none. */
interface Change {
  readonly before: string | null
  readonly after: string | null
}

/** The records that are left, each as if it had just been created. */
function foldRecords(
  records: readonly FixtureRecord[],
  { sink, schema, traits }: Sink
): FixtureRecord[] {
  const names = traits.key?.map(index => schema.columns[index]!.name) ?? null
  const left = new Map<string, FixtureRecord[]>()
  for (const record of records) {
    const { before, after } = changeOf(record, sink.format)
    const idOf = (row: string): string => {
      const hasKey = sink.format === 'upsert' || (names !== null && isPlain(sink.format))
      if (hasKey) return JSON.stringify(fromBytes(record.key))
      return names === null ? row : keyOf(row, names)
    }
    // An upsert's delete has nothing but its key.
    const gone = before ?? (record.value === null ? '' : null)
    if (gone !== null) {
      const same = left.get(idOf(gone)) ?? []
      // What goes has been there.
      if (same.length === 0) throw new Error(`a delete without its row: ${idOf(gone)}`)
      left.set(idOf(gone), same.slice(1))
    }
    if (after === null) continue
    const isKeyed = names !== null || sink.format === 'upsert'
    // Without a key every row is one of its own.
    const same = isKeyed ? [] : (left.get(idOf(after)) ?? [])
    left.set(idOf(after), [...same, created(record, after, sink.format)])
  }
  return [...left.values()].flat()
}

type Sink = NodeOf<'Sink'>
type Format = Sink['sink']['format']

function changeOf({ value, op }: FixtureRecord, format: Format): Change {
  if (value === null) return { before: null, after: null }
  const text = String(fromBytes(value))
  if (format !== 'debezium') {
    return op === 'd' ? { before: text, after: null } : { before: null, after: text }
  }
  const side = (name: string): string | null => {
    const json = parseJson(text, 2000)
    const row = json.kind === 'Object' ? json.members.get(name) : undefined
    return row?.kind === 'Object' ? row.text : null
  }
  return { before: side('before'), after: side('after') }
}

function created(record: FixtureRecord, after: string, format: Format): FixtureRecord {
  if (format !== 'debezium') return { ...record, op: 'c' }
  const envelope = `{"before":null,"after":${after},"op":"c","ts_ms":0}`
  return { ...record, value: toBytes(envelope), op: 'c' }
}

/** The values of the stream's key in a row. */
function keyOf(row: string, names: readonly string[]): string {
  const json = parseJson(row, 2000)
  if (json.kind !== 'Object') return row
  return JSON.stringify(names.map(name => json.members.get(name)?.text ?? null))
}
