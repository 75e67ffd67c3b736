import { entryOf } from '../functions/index.ts'
import { type Expr, walkExpr } from '../ir/index.ts'

/** What a model call costs beside a comparison of two numbers, which costs 1. */
const MODEL_COST = 10_000
const CAST_COST = 5

/** About how dear an expression is; columns and literals cost nothing. */
export function costOf(root: Expr): number {
  let cost = 0
  walkExpr(root, expr => {
    if (expr.kind === 'Call') cost += entryOf(expr.function).cost
    else if (expr.kind === 'Cast') cost += CAST_COST
    else if (expr.kind === 'Predict') cost += MODEL_COST
    else if (expr.kind !== 'Column' && expr.kind !== 'Literal') cost += 1
  })
  return cost
}
