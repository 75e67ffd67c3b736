import { type Expr, someExpr } from '../ir/index.ts'
import { castCanFail } from '../types/index.ts'
import { signatureOf } from './resolve.ts'

/** Whether computing an expression fails for some row; model calls aside, which are no functions. */
export function exprCanFail(root: Expr): boolean {
  return someExpr(root, expr => {
    if (expr.kind === 'Call') {
      const { canFail, isSafe } = signatureOf(expr)
      return canFail && !isSafe(expr.args)
    }
    return expr.kind === 'Cast' && !expr.safe && castCanFail(expr.arg.type, expr.type)
  })
}
