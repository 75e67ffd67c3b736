import {
  invariant,
  rewriteStreams,
  type SinkNode,
  type StreamGraph,
  type StreamNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { Rule } from './rule.ts'
import { rules } from './rules.ts'

/** Rounds through the whole list; each rule only ever removes or lowers work, so few are needed. */
const ROUNDS = 5

/** The same answers with less work. After each rule, every sink must still get the same columns with the same traits. */
export function optimizeGraph(graph: StreamGraph, _session: Session): StreamGraph {
  let { sinks } = graph
  for (let round = 0; round < ROUNDS; round++) {
    const before = sinks
    for (const rule of rules) sinks = applyRule(rule, sinks)
    if (sinks.every((sink, i) => sink === before[i])) break
  }
  return Object.freeze({ script: graph.script, sinks })
}

function applyRule(rule: Rule, sinks: readonly SinkNode[]): readonly SinkNode[] {
  const counts = countReaders(sinks)
  // A rewritten node has the readers of the one it replaces.
  const replaced = new Map<StreamNode, number>()
  const readers = (node: StreamNode): number => counts.get(node) ?? replaced.get(node) ?? 1
  const after = rewriteStreams(sinks, node => {
    const result = rule.apply(node, { readers })
    if (result !== node) replaced.set(result, readers(node))
    return result
  })
  after.forEach((sink, i) => checkSame(rule, sinks[i]!, sink))
  return after
}

function countReaders(sinks: readonly SinkNode[]): Map<StreamNode, number> {
  const counts = new Map<StreamNode, number>()
  const stack: StreamNode[] = [...sinks]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of node.inputs) {
      const seen = counts.get(input) ?? 0
      counts.set(input, seen + 1)
      if (seen === 0) stack.push(input)
    }
  }
  return counts
}

function checkSame(rule: Rule, before: SinkNode, after: SinkNode): void {
  const same =
    JSON.stringify(before.schema) === JSON.stringify(after.schema) &&
    before.traits.changes === after.traits.changes
  invariant(same, `rule ${rule.name} changed what sink ${before.sink.name} gets`, before.span)
}
