import type { Expression, Query } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { type Expr, makeNot } from '../../ir/index.ts'
import { report } from '../context.ts'
import { comparisons, opposites } from '../expressions/bind-binary.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { bindInner, mayBeNull, refusesModel } from './bind-subquery.ts'
import { bindHoldsForSome } from './count-rows.ts'
import type { RowSoFar } from './row-so-far.ts'

type Quantified = Expression & { readonly kind: 'Quantified' }

/** `operand < ANY (query)`, and ALL, as a value of a stream's row. Null after a diagnostic. */
export function bindQuantifiedValue(
  quantified: Quantified,
  row: RowSoFar,
  cx: ExprContext
): Expr | null {
  const { isAll, query, span } = quantified
  const sides = bindSides(quantified, () => bindInner(query, row, cx), cx)
  if (sides === null || refusesModel(sides.inner.conditions, cx.bind)) return null
  const { value, inner, comparison } = sides
  const { items, table, relation } = inner
  const asked = { comparison, value, item: items[0]!, nullable: mayBeNull([value], inner, cx.bind) }
  const found = bindHoldsForSome(asked, { ...inner, from: table ?? relation }, row, cx.bind)
  return found === null || !isAll ? found : makeNot(found, span)
}

/**
 * The operand, what the query gives, and the comparison that is asked for: whether it holds for some row. ALL holds where its opposite
 * holds for none. Null after a diagnostic.
 */
export function bindSides<Inner extends { readonly items: readonly Expr[] }>(
  { operator, isAll, operand, query }: Quantified,
  bindQuery: () => Inner | null,
  cx: ExprContext
) {
  const value = bindExpr(operand, cx)
  const inner = bindQuery()
  if (value === null || inner === null || !givesOneColumn(isAll, inner.items, query, cx))
    return null
  const comparison = isAll ? opposites[comparisons[operator]] : comparisons[operator]
  return { value, inner, comparison }
}

/** With a diagnostic where it gives several. */
function givesOneColumn(
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
