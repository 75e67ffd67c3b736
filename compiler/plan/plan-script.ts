import { tableFeedsItself } from '../diagnostics/plan.ts'
import {
  type BoundInsert,
  type BoundScript,
  type BoundSink,
  makeSink,
  makeUnion,
  type SinkNode,
  type StreamGraph,
  type StreamNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { RowType } from '../types/index.ts'
import { planQuery } from './plan-query.ts'
import { planSource } from './plan-source.ts'
import { warnLoops } from './warn-loops.ts'

/** Resolves the names that queries read to stream nodes; each node is made once, so readers share it. */
export interface Planner {
  source(name: string): StreamNode
  table(name: string): StreamNode | null
  readonly script: BoundScript
}

/** Bound script to dataflow graph: one root per sink that something feeds. */
export function planScript(script: BoundScript, session: Session): StreamGraph {
  const planner = makePlanner(script, session)
  const sinks: SinkNode[] = []
  for (const sink of script.sinks) {
    const input = planInputOf(sink, planner)
    if (input !== null) sinks.push(makeSink(input, sink))
  }
  warnLoops(sinks, session)
  return Object.freeze({ script, sinks })
}

function makePlanner(script: BoundScript, session: Session): Planner {
  const nodes = new Map<string, StreamNode | null>()
  const open = new Set<string>()
  const once = (key: string, make: () => StreamNode | null): StreamNode | null => {
    const known = nodes.get(key)
    if (known !== undefined) return known
    const node = make()
    nodes.set(key, node)
    return node
  }
  const planner: Planner = {
    script,
    source(name) {
      const source = script.sources.find(candidate => candidate.name === name)!
      return once(`source ${name}`, () => planSource(source))!
    },
    table(name) {
      if (open.has(name)) {
        const table = script.tables.find(candidate => candidate.name === name)!
        session.diagnostics.push(tableFeedsItself(name, table.span))
        return null
      }
      open.add(name)
      const node = once(`table ${name}`, () => planInserts('Table', name, planner))
      open.delete(name)
      return node
    }
  }
  return planner
}

function planInputOf(sink: BoundSink, planner: Planner): StreamNode | null {
  const direct = planInserts('Sink', sink.name, planner)
  if (direct !== null || sink.table === null) return direct
  return planner.table(sink.table)
}

/** All inserts into one target, as one stream; null where there is none. */
function planInserts(
  kind: BoundInsert['target']['kind'],
  name: string,
  planner: Planner
): StreamNode | null {
  const inserts = planner.script.inserts.filter(
    ({ target }) => target.kind === kind && target.name === name
  )
  const nodes: StreamNode[] = []
  for (const { query } of inserts) {
    const node = planQuery(query, planner)
    if (node !== null) nodes.push(node)
  }
  if (nodes.length < 2) return nodes[0] ?? null
  return makeUnion(nodes, schemaOfAll(nodes), inserts[0]!.span)
}

/** The columns of the first; what may be NULL in one of them may be NULL. */
function schemaOfAll(nodes: readonly StreamNode[]): RowType {
  const columns = nodes[0]!.schema.columns.map((column, i) => ({
    ...column,
    nullable: nodes.some(({ schema }) => schema.columns[i]!.nullable)
  }))
  return { columns }
}
