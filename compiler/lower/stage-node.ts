import type { NodeOf, Stage, StreamGraph, StreamNode } from '../ir/index.ts'

/** A node that becomes a stage of its own. */
export type StageNode = NodeOf<Stage['kind']>

const stageKinds: ReadonlySet<StreamNode['kind']> = new Set<Stage['kind']>([
  ...(['Aggregate', 'Join', 'TopN', 'Over'] as const)
])

export function isStage(node: StreamNode): node is StageNode {
  return stageKinds.has(node.kind)
}

/** Every node that keeps rows and tells of them by itself, those that others read before them. */
export function stagesOf({ sinks, tables }: StreamGraph): StageNode[] {
  const found = new Set<StreamNode>()
  const visit = (node: StreamNode): void => {
    if (found.has(node)) return
    for (const input of node.inputs) visit(input)
    found.add(node)
  }
  for (const root of [...sinks, ...tables]) visit(root)
  return [...found].filter(isStage)
}
