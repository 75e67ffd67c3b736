import type { Expression, Query } from '../../ast/index.ts'

type Node = Expression | Query

/** The parts of an expression, itself first; the parts of a query inside of it are not among them. */
export function* partsOfExpression(root: Expression): Generator<Node> {
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const part = stack.pop()
    if (typeof part !== 'object' || part === null) continue
    if ('kind' in part && 'span' in part) yield part as Node
    if ('kind' in part && part.kind === 'Query') continue
    for (const [key, value] of Object.entries(part)) if (key !== 'span') stack.push(value)
  }
}
