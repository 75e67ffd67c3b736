import { makeFilter, makePredictNode, makeProject, makeSink, makeUnion } from './make-streams.ts'
import { invariant } from './invariant.ts'
import type { SinkNode, StreamNode } from './streams.ts'

/**
 * Rewrites a graph from its sources up: `visit` gets each node once, with rewritten inputs, so what is shared stays shared.
 * The same objects where nothing changed.
 */
export function rewriteStreams(
  roots: readonly SinkNode[],
  visit: (node: StreamNode) => StreamNode
): SinkNode[] {
  const done = new Map<StreamNode, StreamNode>()
  const stack: StreamNode[] = [...roots]
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
  return roots.map(root => {
    const sink = done.get(root)!
    invariant(sink.kind === 'Sink', 'a sink stays a sink', root.span)
    return sink
  })
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
