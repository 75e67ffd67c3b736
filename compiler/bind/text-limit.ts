import { type Expr, makeLiteral } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { INT } from '../types/index.ts'
import type { BindContext } from './context.ts'
import { applyFunction } from './expressions/apply-function.ts'

/**
 * The length of VARCHAR(n) and CHAR(n): a rule of the column or the cast, not a part of the type. Expressions over them are TEXT.
 */
export interface TextLimit {
  /** Characters. */
  readonly length: number
  /** CHAR: blanks at the end mean nothing, so they are not kept. */
  readonly fixed: boolean
}

/** As a cast does it: what is too much is cut off. */
export function cutText(expr: Expr, limit: TextLimit, span: Span, cx: BindContext): Expr {
  return limited('left', expr, limit, span, cx)
}

/** As a column does it: what is too much is an error, blanks apart. */
export function fitText(expr: Expr, limit: TextLimit, cx: BindContext): Expr {
  return limited('fit_text', expr, limit, expr.span, cx)
}

function limited(
  name: 'left' | 'fit_text',
  expr: Expr,
  { length, fixed }: TextLimit,
  span: Span,
  cx: BindContext
): Expr {
  // NULL has no length, and code for it no types.
  if (expr.kind === 'Literal' && expr.value === null) return expr
  const short = applyFunction(name, [expr, makeLiteral(length, INT, span)], span, cx)!
  return fixed ? applyFunction('rtrim', [short], span, cx)! : short
}
