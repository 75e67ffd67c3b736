import { exprCanFail } from '../functions/index.ts'
import { type Expr, someExpr } from '../ir/index.ts'

/** Whether an expression fails for some row: then it may not run for rows that SQL does not evaluate it for. */
export function canFail(root: Expr): boolean {
  return exprCanFail(root) || someExpr(root, expr => expr.kind === 'Predict')
}
