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
  const input = inputs[0]!
  switch (node.kind) {
    case 'Source':
      return node
    case 'Filter':
      return makeFilter(input, node.predicate, node.span)
    case 'Project':
      return makeProject(input, node.exprs, node.schema, node.span)
    case 'Union':
      return makeUnion(inputs, node.schema, node.span)
    case 'Predict':
      return makePredictNode(input, node.calls, answersOf(node), node.span)
    case 'Table':
      return makeTable(inputs, node.table)
    case 'Lookup': {
      const table = inputs[1]!
      invariant(table.kind === 'Table', 'a lookup reads a table', node.span)
      return makeLookup([input, table], node.join, node.keys, node.condition, node.span)
    }
    case 'Join':
      return makeJoin([input, inputs[1]!], node)
    case 'Watermark':
      return makeWatermark(input, node.source, node.watermark)
    case 'Aggregate':
      return makeAggregate(input, node)
    case 'TopN':
      return makeTopN(input, node)
    case 'Unnest':
      return makeUnnest(input, node.unnest, node.span)
    case 'Sink':
      return makeSink(input, node.sink)
  }
}

function answersOf({
  schema,
  calls
}: Extract<StreamNode, { kind: 'Predict' }>): typeof schema.columns {
  return schema.columns.slice(schema.columns.length - calls.length)
}
