import type { InListExpression } from '../../ast/index.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeIn, makeNot, makeOr } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { comparisonType, isComparable, showType } from '../../types/index.ts'
import { report } from '../context.ts'
import { bindComparison } from './bind-comparison.ts'
import { rowItems } from './bind-composite.ts'
import { bindAll } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { coerce, typeOfAll } from './coerce.ts'

export function bindIn(
  { operand, items, negated, span }: InListExpression,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([operand, ...items], cx)
  if (bound === null) return null
  const rows = bound.every(expr => rowItems(expr) !== null) ? bindRowIn(bound, span, cx) : null
  if (rows !== null) return negated ? makeNot(rows, span) : rows
  const found = typeOfAll(bound, comparisonType)
  const type = found?.kind === 'Json' ? comparisonType(found, { kind: 'Text' }) : found
  if (type === null || !isComparable(type)) {
    const types = [...new Set(bound.map(expr => showType(expr.type)))]
    report(cx.bind, noCommonType('the value and the items of IN', types, span))
    return null
  }
  const coerced = bound.map(expr => coerce(expr, type, cx.bind))
  if (!coerced.every(expr => expr !== null)) return null
  const [arg, ...list] = coerced
  const inList = makeIn(arg!, list, span)
  return negated ? makeNot(inList, span) : inList
}

/** `(a, b) IN ((1, 2), (3, 4))`: rows that are written out compare field by field. */
function bindRowIn([row, ...items]: readonly Expr[], span: Span, cx: ExprContext): Expr | null {
  const tests = items.map(item => bindComparison('equal', row!, item, span, cx.bind))
  return tests.every(test => test !== null) ? makeOr(tests, span) : null
}
