import { columnsOf, type Expr, makeProject, replaceColumns, walkExpr } from '../../ir/index.ts'
import { canFail } from '../can-fail.ts'
import { costOf } from '../cost.ts'
import type { Rule } from '../rule.ts'

/** Project above Project is one Project, unless that would compute something twice or not at all. */
export const mergeProjects: Rule = {
  name: 'merge-projects',
  apply(node, { readers }) {
    const input = node.inputs[0]
    if (node.kind !== 'Project' || input?.kind !== 'Project' || readers(input) > 1) return node
    const uses = countUses(node.exprs)
    const once = input.exprs.every(
      (expr, index) => costOf(expr) === 0 || (uses.get(index) ?? 0) < 2
    )
    // An unused column that can fail is not computed either way; one that is used under a condition would become conditional.
    const safe = columnsOf(node.exprs.filter(expr => expr.kind !== 'Column')).every(
      index => !canFail(input.exprs[index]!)
    )
    if (!once || !safe) return node
    const exprs = node.exprs.map(expr => replaceColumns(expr, index => input.exprs[index]!))
    return makeProject(input.inputs[0]!, exprs, node.schema, node.span)
  }
}

function countUses(exprs: readonly Expr[]): Map<number, number> {
  const uses = new Map<number, number>()
  for (const root of exprs) {
    walkExpr(root, expr => {
      if (expr.kind === 'Column') uses.set(expr.index, (uses.get(expr.index) ?? 0) + 1)
    })
  }
  return uses
}
