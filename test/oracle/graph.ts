import type { NodeOf, StreamGraph, StreamNode } from '../../compiler/ir/index.ts'

/** An operator that keeps rows. */
export type StageNode = NodeOf<'Aggregate' | 'Join' | 'TopN' | 'Over'>

/** Every operator of a graph that keeps rows, those that others read before them. */
export function stagesOf({ sinks, tables }: StreamGraph): StageNode[] {
  const found: StreamNode[] = []
  const visit = (node: StreamNode): void => {
    for (const input of node.inputs) visit(input)
    if (!found.includes(node)) found.push(node)
  }
  for (const root of [...sinks, ...tables]) visit(root)
  return found.filter(isStage)
}

function isStage(node: StreamNode): node is StageNode {
  return ['Aggregate', 'Join', 'TopN', 'Over'].includes(node.kind)
}

/** Whether a stream is nothing but events and rows that the script writes out. */
export function isEvents(node: StreamNode): boolean {
  if (node.kind === 'Table') return node.table.written
  if (node.traits.changes === 'append') return true
  return ['Filter', 'Project', 'Union', 'Unnest'].includes(node.kind) && node.inputs.every(isEvents)
}

/** The names of the sources that a stream is made of. */
export function sourcesOf(node: StreamNode): string[] {
  if (node.kind === 'Source') return [node.source.name]
  const inputs = node.kind === 'Lookup' ? [node.inputs[0]] : node.inputs
  return [...new Set(inputs.flatMap(sourcesOf))]
}

/** The names of the sources whose time holds for a stream. */
export function clocksOf(node: StreamNode): string[] {
  if (node.kind === 'Watermark') return [node.source.name]
  const inputs = node.kind === 'Lookup' ? [node.inputs[0]] : node.inputs
  return [...new Set(inputs.flatMap(clocksOf))]
}
