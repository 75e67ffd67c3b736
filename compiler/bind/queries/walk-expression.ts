import type { Expression, Query, Relation } from '../../ast/index.ts'

type Node = Expression | Query | Relation

/** The parts of an expression, itself first; the parts of a query inside of it are not among them. */
export function partsOfExpression(root: Expression): Generator<Node> {
  return partsOf(root, false)
}

/** The parts of a query, also of those inside of it. */
export function partsOfQuery(root: Query): Generator<Node> {
  return partsOf(root, true)
}

function* partsOf(root: Node, intoQueries: boolean): Generator<Node> {
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const part = stack.pop()
    if (typeof part !== 'object' || part === null) continue
    if ('kind' in part && 'span' in part) yield part as Node
    if ('kind' in part && part.kind === 'Query' && !intoQueries) continue
    for (const [key, value] of Object.entries(part)) if (key !== 'span') stack.push(value)
  }
}

/** The expression with what `swap` gives in the place of its parts, the outermost first; queries inside of it stay. */
export function replaceParts(
  root: Expression,
  swap: (part: Expression) => Expression | null
): Expression {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    if ('kind' in node && node.kind === 'Query') return node
    const swapped = 'kind' in node && 'span' in node ? swap(node as Expression) : null
    if (swapped !== null) return swapped
    const parts = Object.entries(node)
    return Object.fromEntries(
      parts.map(([key, value]) => [key, key === 'span' ? (value as unknown) : visit(value)])
    )
  }
  return visit(root) as Expression
}
