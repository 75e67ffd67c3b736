import { type Expr, someExpr } from '../ir/index.ts'
import { entryOf } from './catalogue.ts'

/** Whether an expression may have another value each time that it is computed. */
export function isVolatile(root: Expr): boolean {
  return someExpr(root, expr => expr.kind === 'Call' && entryOf(expr.function).volatile)
}
