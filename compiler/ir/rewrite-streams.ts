import {
  makeAggregate,
  makeFilter,
  makeLookup,
  makePredictNode,
  makeProject,
  makeSink,
  makeTable,
  makeTopN,
  makeUnion,
  makeUnnest,
  makeWatermark
} from './make-streams.ts'
import { invariant } from './invariant.ts'
import { makeJoin } from './make-join.ts'
import { makeOver } from './make-over.ts'
import type { NodeOf, StreamGraph, StreamKind, StreamNode } from './streams.ts'

/**
 * Rewrites a graph from its sources up: `visit` gets each node once, with rewritten inputs, so what is shared stays shared.
 * The same objects where nothing changed.
 */
export function rewriteStreams(
  graph: StreamGraph,
  visit: (node: StreamNode) => StreamNode
): StreamGraph {
  const done = new Map<StreamNode, StreamNode>()
  const stack: StreamNode[] = [...graph.sinks, ...graph.tables]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const waiting = node.inputs.filter(input => !done.has(input))
    if (done.has(node) || waiting.length === 0) {
      stack.pop()
      if (!done.has(node)) {
        const inputs = node.inputs.map(input => done.get(input)!)
        done.set(node, visit(withInputs(node, inputs)))
      }
    } else stack.push(...waiting)
  }
  return Object.freeze({
    script: graph.script,
    sinks: graph.sinks.map(sink => rewritten(sink, 'Sink', done)),
    tables: graph.tables.map(table => rewritten(table, 'Table', done))
  })
}

function rewritten<K extends StreamKind>(
  node: NodeOf<K>,
  kind: K,
  done: ReadonlyMap<StreamNode, StreamNode>
): NodeOf<K> {
  const result = done.get(node)!
  invariant(result.kind === kind, `a root stays a ${kind}`, node.span)
  return result as NodeOf<K>
}

/** The same object when no input changed. */
export function withInputs(node: StreamNode, inputs: readonly StreamNode[]): StreamNode {
  if (inputs.every((input, i) => input === node.inputs[i])) return node
  const make = makers[node.kind] as (one: StreamNode, ...over: readonly StreamNode[]) => StreamNode
  return make(node, ...inputs)
}

type Maker<K extends StreamKind> = (
  node: NodeOf<K>,
  input: StreamNode,
  second: StreamNode,
  ...rest: readonly StreamNode[]
) => StreamNode

const makers: { readonly [K in StreamKind]: Maker<K> } = {
  Source: node => node,
  Filter: (node, input) => makeFilter(input, node.predicate, node.span),
  Project: (node, input) => makeProject(input, node.exprs, node.schema, node.span),
  Union: (node, ...inputs) => makeUnion(inputs, node.schema, node.span),
  Predict: (node, input) => makePredictNode(input, node.calls, answersOf(node), node.span),
  Table: (node, ...inputs) => makeTable(inputs, node.table),
  Lookup({ join, keys, condition, span }, input, table) {
    invariant(table.kind === 'Table', 'a lookup reads a table', span)
    return makeLookup([input, table], join, keys, condition, span)
  },
  Join: (node, left, right) => makeJoin([left, right], node),
  Watermark: (node, input) => makeWatermark(input, node.source, node.watermark),
  Aggregate: (node, input) => makeAggregate(input, node),
  TopN: (node, input) => makeTopN(input, node),
  Over: (node, input) => makeOver(input, node),
  Unnest: (node, input) => makeUnnest(input, node.unnest, node.span),
  Sink: (node, input) => makeSink(input, node.sink)
}

function answersOf({
  schema,
  calls
}: Extract<StreamNode, { kind: 'Predict' }>): typeof schema.columns {
  return schema.columns.slice(schema.columns.length - calls.length)
}
