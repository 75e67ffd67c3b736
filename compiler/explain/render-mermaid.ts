import type { Plan, PlanNode } from './describe.ts'

/** Longest label line, in characters: a graph with whole projections in it can't be read. */
const LABEL_WIDTH = 60

/** A Mermaid flowchart, sources at the left. */
export function renderMermaid({ nodes }: Pick<Plan, 'nodes'>): string {
  const lines = ['flowchart LR']
  for (const node of nodes) lines.push(`  n${node.id}${renderShape(node)}`)
  for (const node of nodes) {
    for (const input of node.inputs) lines.push(`  n${input} --> n${node.id}`)
  }
  return lines.join('\n') + '\n'
}

function renderShape(node: PlanNode): string {
  const label = `"${[node.kind, node.title, ...node.details].map(escapeLabel).join('<br/>')}"`
  return node.kind === 'Source' || node.kind === 'Sink' ? `([${label}])` : `[${label}]`
}

/** Everything but plain characters becomes a Mermaid entity (#NN;): a label is text, whatever a script names its columns. */
function escapeLabel(text: string): string {
  const characters = [...text]
  const short =
    characters.length > LABEL_WIDTH ? `${characters.slice(0, LABEL_WIDTH).join('')}...` : text
  return short.replace(/[^\p{L}\p{N} .,:()_+*/=-]/gu, character => `#${character.codePointAt(0)};`)
}
