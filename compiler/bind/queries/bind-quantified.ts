import type { Expression, Query } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { type Expr, makeNot } from '../../ir/index.ts'
import { report } from '../context.ts'
import { comparisons, opposites } from '../expressions/bind-binary.ts'
import { bindExpr, type ExprContext } from '../expressions/bind-expr.ts'
import { bindInner, mayBeNull, refusesModel } from './bind-subquery.ts'
import { bindHoldsForSome } from './count-rows.ts'
import type { RowSoFar } from './row-so-far.ts'

/** `operand < ANY (query)`, and ALL: it holds for all rows where the opposite holds for none. Null after a diagnostic. */
export function bindQuantifiedValue(
  { operator, isAll, operand, query, span }: Expression & { readonly kind: 'Quantified' },
  row: RowSoFar,
  cx: ExprContext
): Expr | null {
  const value = bindExpr(operand, cx)
  const inner = bindInner(query, row, cx)
  if (value === null || inner === null || !givesOneColumn(isAll, inner.items, query, cx))
    return null
  if (refusesModel(inner.conditions, cx.bind)) return null
  const { items, table, relation } = inner
  const comparison = isAll ? opposites[comparisons[operator]] : comparisons[operator]
  const asked = { comparison, value, item: items[0]!, nullable: mayBeNull([value], inner, cx.bind) }
  const found = bindHoldsForSome(asked, { ...inner, from: table ?? relation }, row, cx.bind)
  return found === null || !isAll ? found : makeNot(found, span)
}

/** With a diagnostic where it gives several. */
export function givesOneColumn(
  isAll: boolean,
  { length }: readonly Expr[],
  { span }: Query,
  { bind }: ExprContext
): boolean {
  if (length === 1) return true
  const what = `the left side of ${isAll ? 'ALL' : 'ANY'}`
  report(bind, columnCount(what, 1, 'the query gives', length, span))
  return false
}
