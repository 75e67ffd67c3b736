import type { BoundColumn, NodeOf, StreamGraph, StreamNode } from '../../compiler/ir/index.ts'
import { decodeRecord } from './decode.ts'
import { Failure } from './failure.ts'
import { findLiveColumns, type LiveColumns } from './live.ts'
import type { Model } from './model.ts'
import { evalNode, sourceRow, type StreamContext } from './streams.ts'
import type { InputRecord, OutputRecord, Row } from './value.ts'

export { identityModel, logisticModel, lookupModel, type Model } from './model.ts'
export { evaluators as exprEvaluators } from './eval.ts'
export { evaluators as nodeEvaluators } from './streams.ts'
export { functions as oracleFunctions } from './functions/index.ts'
export { type Json, parseJson } from './json.ts'
export type { InputRecord, OutputRecord } from './value.ts'

export interface Rejected {
  readonly source: string
  readonly record: InputRecord
  readonly code: string
  readonly column: string | null
}

export interface OracleResult {
  /** By sink, in the order written. */
  readonly outputs: ReadonlyMap<string, readonly OutputRecord[]>
  readonly rejected: readonly Rejected[]
}

/**
 * Runs a dataflow graph over records, one by one, the plainest way there is. A row that fails in one branch of a
 * fan-out does not touch the others.
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
  const consumers = findConsumers(graph)
  const cx: StreamContext = {
    live,
    models,
    write: (sink, record) => outputs.set(sink, [...(outputs.get(sink) ?? []), record])
  }
  for (const sources of groupSources(live)) {
    const { source } = sources[0]!
    for (const record of inputs.get(source.topic) ?? []) {
      const guard = (action: () => void): void => {
        try {
          action()
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          const { code, column } = error
          rejected.push({ source: source.name, record, code, column })
        }
      }
      const push = (node: StreamNode, row: Row): void => {
        guard(() => {
          const result = evalNode(node, row, cx)
          if (result !== null)
            for (const consumer of consumers.get(node) ?? []) push(consumer, result)
        })
      }
      guard(() => {
        const values = decodeRecord(source, decodedColumns(sources, live), record)
        for (const node of sources) push(node, sourceRow(node, values))
      })
    }
  }
  return { outputs, rejected }
}

/** A record is decoded once per source of the script, however many nodes read it. */
function groupSources(live: LiveColumns): readonly NodeOf<'Source'>[][] {
  const nodes = [...live.keys()].filter(node => node.kind === 'Source')
  return [...Map.groupBy(nodes, node => node.source).values()]
}

/** What results depend on, and what NOT NULL has checked. */
function decodedColumns(
  nodes: readonly NodeOf<'Source'>[],
  live: LiveColumns
): readonly BoundColumn[] {
  const { columns } = nodes[0]!.source
  const read = new Set(nodes.flatMap(node => [...live.get(node)!].map(i => node.reads[i]!)))
  return columns.filter(
    (column, i) => column.from.kind !== 'Generated' && (read.has(i) || column.notNull)
  )
}

function findConsumers(graph: StreamGraph): ReadonlyMap<StreamNode, readonly StreamNode[]> {
  const consumers = new Map<StreamNode, StreamNode[]>()
  const seen = new Set<StreamNode>()
  const visit = (node: StreamNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const input of node.inputs) {
      consumers.set(input, [...(consumers.get(input) ?? []), node])
      visit(input)
    }
  }
  graph.sinks.forEach(visit)
  return consumers
}
