import {
  invariant,
  rewriteStreams,
  type SinkNode,
  type StreamGraph,
  type StreamNode,
  type TableNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { Rule } from './rule.ts'
import { rules } from './rules.ts'

/** Rounds through the whole list; each rule only ever removes or lowers work, so few are needed. */
const ROUNDS = 5

/** The same answers with less work. After each rule, every root must still get the same columns with the same traits. */
export function optimizeGraph(graph: StreamGraph, _session: Session): StreamGraph {
  let current = graph
  for (let round = 0; round < ROUNDS; round++) {
    const before = rootsOf(current)
    for (const rule of rules) current = applyRule(rule, current)
    if (rootsOf(current).every((root, i) => root === before[i])) break
  }
  return current
}

function rootsOf({ sinks, tables }: StreamGraph): readonly (SinkNode | TableNode)[] {
  return [...sinks, ...tables]
}

function applyRule(rule: Rule, graph: StreamGraph): StreamGraph {
  const counts = countReaders(rootsOf(graph))
  // A rewritten node has the readers of the one it replaces.
  const replaced = new Map<StreamNode, number>()
  const readers = (node: StreamNode): number => counts.get(node) ?? replaced.get(node) ?? 1
  const after = rewriteStreams(graph, node => {
    const result = rule.apply(node, { readers, settings: graph.script.settings })
    if (result !== node) replaced.set(result, readers(node))
    return result
  })
  const before = rootsOf(graph)
  rootsOf(after).forEach((root, i) => checkSame(rule, before[i]!, root))
  return after
}

function countReaders(roots: readonly StreamNode[]): Map<StreamNode, number> {
  const counts = new Map<StreamNode, number>()
  const seen = new Set<StreamNode>()
  const stack: StreamNode[] = [...roots]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    for (const input of node.inputs) counts.set(input, (counts.get(input) ?? 0) + 1)
    stack.push(...node.inputs)
  }
  return counts
}

function checkSame(rule: Rule, before: StreamNode, after: StreamNode): void {
  const same =
    JSON.stringify(before.schema) === JSON.stringify(after.schema) &&
    before.traits.changes === after.traits.changes
  const name = before.kind === 'Sink' ? before.sink.name : before.kind
  invariant(same, `rule ${rule.name} changed what ${name} gets`, before.span)
}
