import { isInteger } from '../types/index.ts'
import type { Expr } from './scalars.ts'

/** The column that a side of a key is; null: it is something else. Integers of every width have one form: a cast changes nothing. */
export function keyColumn(expr: Expr): number | null {
  if (expr.kind === 'Column') return expr.index
  const widened = expr.kind === 'Cast' && isInteger(expr.type) && isInteger(expr.arg.type)
  return widened ? keyColumn(expr.arg) : null
}
