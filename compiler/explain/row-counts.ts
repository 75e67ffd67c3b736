import { operatorKey, stateKey, type StreamNode } from '../ir/index.ts'

/**
 * How the rows that leave an operator are known while the pipeline runs. Sources and sinks are counted per batch; operators that
 * let as many rows through as come in need no count of their own, nor do those whose rows all go to one sink.
 */
export type RowCount =
  | { readonly of: 'source' | 'sink'; readonly name: string }
  | { readonly of: 'counter'; readonly counter: number }
  /** As many as come in. */
  | { readonly of: 'inputs' }
  | { readonly of: 'unknown' }

export interface RowCounts {
  of(node: StreamNode): RowCount
  /** Of each counter, what the generated code knows it by: see ir/operator-keys.ts. */
  readonly counters: readonly string[]
}

/** `nodes`: all of a graph. */
export function countRows(nodes: readonly StreamNode[]): RowCounts {
  const readers = new Map<StreamNode, StreamNode[]>(nodes.map(node => [node, []]))
  for (const node of nodes) {
    for (const input of node.inputs) readers.get(input)?.push(node)
  }
  const keys = nodes.map(counterKey)
  const counters: string[] = []
  const counts = new Map<StreamNode, RowCount>()
  for (const [i, node] of nodes.entries()) {
    const sink = onlySink(node, readers)
    const key = keys[i] ?? null
    if (node.kind === 'Source') counts.set(node, { of: 'source', name: node.source.name })
    else if (sink !== null) counts.set(node, { of: 'sink', name: sink })
    else if (key === null) counts.set(node, { of: passesAll(node) ? 'inputs' : 'unknown' })
    // Nodes that came of one place of the SQL can't be told apart in the code.
    else if (keys.filter(other => other === key).length > 1) counts.set(node, { of: 'unknown' })
    else counts.set(node, { of: 'counter', counter: counters.push(key) - 1 })
  }
  return { of: node => counts.get(node) ?? { of: 'unknown' }, counters }
}

/** What the emitter knows a counting operator by; null: it lets all rows through, or nobody counts it. */
function counterKey(node: StreamNode): string | null {
  return passesAll(node) ? null : rowKey(node)
}

/** What the emitter knows the rows by that leave an operator; null: they are those of its inputs, a record's, or none. */
export function rowKey(node: StreamNode): string | null {
  switch (node.kind) {
    case 'Filter':
    case 'Unnest':
    case 'Lookup':
    case 'Project':
    case 'Predict':
      return operatorKey(node.kind, node.span)
    case 'Aggregate':
    case 'Join':
    case 'TopN':
    case 'Over':
      return stateKey(node.name)
    case 'Table':
      return stateKey(node.table.name)
    default:
      return null
  }
}

function passesAll({ kind }: StreamNode): boolean {
  return kind === 'Project' || kind === 'Watermark' || kind === 'Predict' || kind === 'Union'
}

/** The sink that gets all rows of a node and no others; null: there is none. */
function onlySink(
  start: StreamNode,
  readers: ReadonlyMap<StreamNode, readonly StreamNode[]>
): string | null {
  let node = start
  for (;;) {
    if (node.kind === 'Sink') return node.sink.name
    const [reader, ...others] = readers.get(node)!
    if (reader === undefined || others.length > 0 || reader.inputs.length > 1) return null
    if (reader.kind !== 'Sink' && !passesAll(reader)) return null
    node = reader
  }
}
