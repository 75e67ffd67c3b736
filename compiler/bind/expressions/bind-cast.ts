import type { CastExpression } from '../../ast/index.ts'
import { castNotDefined } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeCast, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { canCast, castTargets, sameType, showType, type SqlType } from '../../types/index.ts'
import { report } from '../context.ts'
import { cutText } from '../text-limit.ts'
import { bindLimited } from '../type-name.ts'
import { bindExpr } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { coerce, isStringLiteral } from './coerce.ts'
import { takeOpen } from './literals.ts'

export function bindCast(
  { operand, type, safe, span }: CastExpression,
  cx: ExprContext
): Expr | null {
  const arg = bindExpr(operand, cx)
  const target = bindLimited(type, cx.bind)
  if (arg === null || target === null) return null
  const cast = castTo(arg, target.type, safe, span, cx)
  return cast === null || target.limit === null ? cast : cutText(cast, target.limit, span, cx.bind)
}

function castTo(arg: Expr, type: SqlType, safe: boolean, span: Span, cx: ExprContext): Expr | null {
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
