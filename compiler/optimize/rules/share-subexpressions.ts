import {
  childrenOf,
  type Expr,
  makeColumn,
  makeInterner,
  makeProject,
  type NodeOf,
  rewriteExpr,
  type StreamNode,
  walkExpr
} from '../../ir/index.ts'
import { canFail } from '../can-fail.ts'
import { costOf } from '../cost.ts'
import { isVolatile } from '../../functions/index.ts'
import type { Rule } from '../rule.ts'

/** Cheaper expressions are not worth a column of their own. */
const WORTH_SHARING = 4

/**
 * An expression that a Project computes more than once becomes a column of a Project below. Only what cannot fail and always
 * gives the same: so it makes no difference that it then also runs for rows whose CASE would not have reached it.
 */
export const shareSubexpressions: Rule = {
  name: 'share-subexpressions',
  apply(node) {
    return node.kind === 'Project' ? share(node) : node
  }
}

function share(node: NodeOf<'Project'>): StreamNode {
  const intern = makeInterner()
  const shared = findShared(node.exprs, intern)
  if (shared.size === 0) return node
  const input = node.inputs[0]!
  const { columns } = input.schema
  const added = [...shared.values()]
  const passed = columns.map((column, index) => makeColumn(index, column, node.span))
  const schema = {
    columns: [
      ...columns,
      ...added.map(({ type, nullable }, i) => ({ name: `shared_${i + 1}`, type, nullable }))
    ]
  }
  const below = makeProject(input, [...passed, ...added], schema, node.span)
  const position = new Map([...shared.keys()].map((id, i) => [id, columns.length + i]))
  const exprs = node.exprs.map(root =>
    rewriteExpr(root, expr => {
      const index = position.get(intern(expr))
      return index === undefined ? expr : makeColumn(index, schema.columns[index]!, expr.span)
    })
  )
  return makeProject(below, exprs, node.schema, node.span)
}

/** The largest expressions that occur more than once, by interned number. */
function findShared(roots: readonly Expr[], intern: (expr: Expr) => number): Map<number, Expr> {
  const counts = new Map<number, number>()
  for (const root of roots) {
    walkExpr(root, expr => counts.set(intern(expr), (counts.get(intern(expr)) ?? 0) + 1))
  }
  const shared = new Map<number, Expr>()
  const stack = [...roots]
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    const id = intern(expr)
    if (shared.has(id)) continue
    if (counts.get(id)! > 1 && isSharable(expr)) shared.set(id, expr)
    else stack.push(...childrenOf(expr))
  }
  return shared
}

function isSharable(expr: Expr): boolean {
  return costOf(expr) >= WORTH_SHARING && !canFail(expr) && !isVolatile(expr)
}
