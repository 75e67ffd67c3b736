import type { LikeExpression } from '../../ast/index.ts'
import { invalidLikePattern } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeLiteral, makeNot } from '../../ir/index.ts'
import { TEXT } from '../../types/index.ts'
import { report } from '../context.ts'
import { applyFunction } from './apply-function.ts'
import { elementsOf } from './bind-binary.ts'
import { bindAll } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'

const names = { LIKE: 'like', ILIKE: 'ilike', 'SIMILAR TO': 'similar_to' } as const

export function bindLike(
  { operator, operand, pattern, escape, negated, span }: LikeExpression,
  cx: ExprContext
): Expr | null {
  const elements = elementsOf(pattern)
  if (elements !== null && operator !== 'SIMILAR TO') {
    const { array, isAll } = elements
    const args = bindAll([operand, array], cx)
    if (args === null) return null
    // It holds for all where it fails for none.
    const asked = negated === isAll ? 'is' : 'is not'
    const how = makeLiteral(`${asked} ${operator}`, TEXT, span)
    const any = applyFunction('like_any', [...args, how], span, cx.bind)
    return any === null || !isAll ? any : makeNot(any, span)
  }
  const bound = bindAll(escape === null ? [operand, pattern] : [operand, pattern, escape], cx)
  if (bound === null) return null
  const args = escape === null ? [...bound, makeLiteral('\\', TEXT, span)] : bound
  if (operator !== 'SIMILAR TO' && !checkPattern(args[1]!, args[2]!, cx)) return null
  const call = applyFunction(names[operator], args, span, cx.bind)
  return call === null || !negated ? call : makeNot(call, span)
}

/** What a constant pattern can be told of now, rather than for each row. */
function checkPattern(pattern: Expr, escape: Expr, { bind }: ExprContext): boolean {
  if (escape.kind !== 'Literal' || typeof escape.value !== 'string') return true
  if ([...escape.value].length > 1) {
    const message = 'ESCAPE takes one character, or none'
    report(
      bind,
      invalidLikePattern(message, "Write one character, or '' for no escapes.", escape.span)
    )
    return false
  }
  if (pattern.kind !== 'Literal' || typeof pattern.value !== 'string' || escape.value === '') {
    return true
  }
  let rest = 0
  for (let i = pattern.value.length - 1; i >= 0 && pattern.value[i] === escape.value; i--) rest++
  if (rest % 2 === 0) return true
  const hint = 'Write it twice where the character itself is meant.'
  report(bind, invalidLikePattern('the pattern ends in its escape character', hint, pattern.span))
  return false
}
