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
