import type { AstNode, Statement } from '../ast/index.ts'
import type { SourceFile, Span } from '../source/index.ts'

/** Any node of a syntax tree. Its kind tells the rest: see `isKind`. */
export type Node = AstNode<string>

/** The nodes around a place, outermost first; none where no statement stands there. */
export function locate(
  statements: readonly Statement[],
  file: SourceFile,
  offset: number
): readonly Node[] {
  const path: Node[] = []
  let inner = holding(statements, file, offset)
  while (inner !== undefined) {
    path.push(inner)
    inner = holding(childNodes(inner), file, offset)
  }
  return path
}

/** All nodes below this one and itself. */
export function walkNodes(node: Node, visit: (node: Node) => void): void {
  const stack: Node[] = [node]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    visit(next)
    stack.push(...childNodes(next))
  }
}

/** At a border between two nodes the one that begins there is meant. */
function holding(nodes: readonly Node[], file: SourceFile, offset: number): Node | undefined {
  return nodes.findLast(
    ({ span }) => span.file === file && span.start <= offset && offset <= span.end
  )
}

function childNodes(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]) => (key === 'span' ? [] : nodesIn(value)))
}

/** Some nodes stand in lists, or in objects that are no nodes, such as the branches of CASE. */
function nodesIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null || isSpan(value)) return []
  if ('kind' in value && 'span' in value) return [value as Node]
  return Object.values(value).flatMap(nodesIn)
}

function isSpan(value: object): value is Span {
  return 'file' in value && 'start' in value && 'end' in value
}
