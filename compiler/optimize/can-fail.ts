import { signatureOf } from '../functions/index.ts'
import { type Expr, someExpr } from '../ir/index.ts'
import { castCanFail } from '../types/index.ts'

/** Whether an expression fails for some row: then it may not run for rows that SQL does not evaluate it for. */
export function canFail(root: Expr): boolean {
  return someExpr(root, expr => {
    if (expr.kind === 'Call') return signatureOf(expr).canFail
    if (expr.kind === 'Cast') return !expr.safe && castCanFail(expr.arg.type, expr.type)
    return expr.kind === 'Predict'
  })
}
