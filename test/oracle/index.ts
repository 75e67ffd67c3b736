import type { NodeOf, StreamGraph } from '../../compiler/ir/index.ts'
import { Dataflow } from './dataflow.ts'
import { Failure } from './failure.ts'
import { findLiveColumns, type LiveColumns } from './live.ts'
import type { Model } from './model.ts'
import type { InputRecord, OutputRecord } from './value.ts'

export { identityModel, logisticModel, lookupModel, type Model } from './model.ts'
export { evaluators as exprEvaluators } from './eval.ts'
export { evaluators as nodeEvaluators } from './streams.ts'
export { functions as oracleFunctions } from './functions/index.ts'
export { type Json, parseJson } from './json.ts'
export { messageOf, openProtobuf } from './protobuf.ts'
export { arrowDocuments } from './arrow.ts'
export type { InputRecord, OutputRecord } from './value.ts'

export interface Rejected {
  readonly source: string
  /** Null: a row of a table or a group. */
  readonly record: InputRecord | null
  readonly code: string
  readonly column: string | null
}

export interface OracleResult {
  /** By sink, in the order written. */
  readonly outputs: ReadonlyMap<string, readonly OutputRecord[]>
  readonly rejected: readonly Rejected[]
  /** The code of the script's statement that failed; then nothing after it has run. */
  readonly stopped: string | null
}

/**
 * Runs a script's statements and a dataflow graph over records, one by one, the plainest way there is. A row that fails in
 * one branch of a fan-out does not touch the others. Topics that are tables come before topics of events.
 */
export function runOracle(
  graph: StreamGraph,
  /** By topic. */
  inputs: ReadonlyMap<string, readonly InputRecord[]>,
  models: ReadonlyMap<string, Model>
): OracleResult {
  const outputs = new Map<string, OutputRecord[]>()
  const rejected: Rejected[] = []
  const live = findLiveColumns(graph)
  const dataflow = new Dataflow({
    graph,
    live,
    models,
    write: (sink, record) => outputs.set(sink, [...(outputs.get(sink) ?? []), record]),
    reject: (source, record, { code, column }) => rejected.push({ source, record, code, column })
  })
  for (const { name, topic } of graph.script.sources) {
    const partitions = (inputs.get(topic) ?? []).map(({ partition }) => partition)
    dataflow.assign(name, [...new Set([0, ...partitions])])
  }
  try {
    for (const statement of graph.script.changes) dataflow.change(statement)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { outputs, rejected, stopped: error.code }
  }
  const read = (nodes: readonly NodeOf<'Source'>[]): void => {
    for (const record of inputs.get(nodes[0]!.source.topic) ?? []) dataflow.record(nodes, record)
  }
  const { tables, events } = groupSources(live)
  tables.forEach(read)
  dataflow.tablesRead()
  events.forEach(read)
  dataflow.finish()
  return { outputs, rejected, stopped: null }
}

/** A record is decoded once per source of the script, however many nodes read it. */
function groupSources(live: LiveColumns) {
  const nodes = [...live.keys()].filter(node => node.kind === 'Source')
  const groups = [...Map.groupBy(nodes, node => node.source).values()]
  const isTable = ([node]: readonly NodeOf<'Source'>[]): boolean => node!.source.feeds !== null
  return { tables: groups.filter(isTable), events: groups.filter(group => !isTable(group)) }
}
