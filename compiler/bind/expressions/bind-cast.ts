import type { CastExpression } from '../../ast/index.ts'
import { castNotDefined } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeCast, makeLiteral } from '../../ir/index.ts'
import { canCast, castTargets, sameType, showType } from '../../types/index.ts'
import { report } from '../context.ts'
import { bindType } from '../type-name.ts'
import { bindExpr, type ExprContext } from './bind-expr.ts'
import { coerce, isStringLiteral } from './coerce.ts'
import { takeOpen } from './literals.ts'

export function bindCast(
  { operand, type: typeName, safe, span }: CastExpression,
  cx: ExprContext
): Expr | null {
  const arg = bindExpr(operand, cx)
  const type = bindType(typeName, cx.bind)
  if (arg === null || type === null) return null
  if (arg.kind === 'Literal' && arg.value === null) return makeLiteral(null, type, span)
  // A string literal's type is open; with the cast it is TEXT, and nothing else.
  if (sameType(arg.type, type)) return isStringLiteral(arg) ? makeCast(arg, type, safe, span) : arg
  if (arg.kind === 'Literal' && takeOpen(arg, type, cx.bind)) return makeLiteral('', type, span)
  if (!canCast(arg.type, type)) {
    const targets = castTargets(arg.type).map(showType)
    report(cx.bind, castNotDefined(showType(arg.type), showType(type), targets, span))
    return null
  }
  // ARRAY[], which has no type of its own.
  if (type.kind === 'Array' && arg.type.kind === 'Array' && arg.type.element.kind === 'Null') {
    return coerce(arg, type, cx.bind)
  }
  return makeCast(arg, type, safe, span)
}
