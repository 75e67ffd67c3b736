import type { InListExpression } from '../../ast/index.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeIn, makeNot } from '../../ir/index.ts'
import { comparisonType, showType } from '../../types/index.ts'
import { report } from '../context.ts'
import { bindAll, type ExprContext } from './bind-expr.ts'
import { coerce, typeOfAll } from './coerce.ts'

export function bindIn(
  { operand, items, negated, span }: InListExpression,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([operand, ...items], cx)
  if (bound === null) return null
  const found = typeOfAll(bound, comparisonType)
  const type = found?.kind === 'Json' ? comparisonType(found, { kind: 'Text' }) : found
  if (type === null) {
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
