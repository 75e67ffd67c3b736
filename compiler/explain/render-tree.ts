import { printable } from '../../runtime/observe/printable.ts'
import type { Plan, PlanNode } from './describe.ts'

/** An indented tree per sink, the sink first; a node that was shown above is only named again. Names of the script stay on their line. */
export function renderTree({
  nodes,
  delivery,
  commitInterval
}: Omit<Plan, 'counters' | 'work'>): string {
  const lines: string[] = []
  if (delivery === 'exactly_once') {
    lines.push(`delivers exactly once: a transaction each ${commitInterval} ms`)
  }
  const shown = new Set<number>()
  for (const node of nodes) {
    if (node.kind === 'Sink') renderNode(node, '', '', nodes, shown, lines)
  }
  if (shown.size === 0) lines.push('nothing: the script feeds no sink')
  return lines.join('\n') + '\n'
}

function renderNode(
  node: PlanNode,
  first: string,
  rest: string,
  nodes: readonly PlanNode[],
  shown: Set<number>,
  lines: string[]
): void {
  const head = `${first}#${node.id} ${node.kind} ${printable(node.title)}`
  if (shown.has(node.id)) {
    lines.push(`${head} (above)`)
    return
  }
  shown.add(node.id)
  lines.push(`${head}  [${node.line}:${node.column}]`)
  for (const detail of node.details)
    lines.push(`${rest}${node.inputs.length > 0 ? '│' : ' '}   ${printable(detail)}`)
  node.inputs.forEach((id, i) => {
    const last = i === node.inputs.length - 1
    const input = nodes[id - 1]!
    renderNode(
      input,
      `${rest}${last ? '└─ ' : '├─ '}`,
      `${rest}${last ? '   ' : '│  '}`,
      nodes,
      shown,
      lines
    )
  })
}
