import { type Expr, makeLiteral } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { INT, TEXT } from '../types/index.ts'
import type { BindContext } from './context.ts'
import { applyFunction } from './expressions/apply-function.ts'

/**
 * The length of VARCHAR(n) and CHAR(n): a rule of the column or the cast, not a part of the type. Expressions over them are TEXT.
 */
export type TextLimit =
  | {
      readonly kind: 'text'
      /** Characters. */
      readonly length: number
      /** CHAR: blanks at the end mean nothing, so they are not kept. */
      readonly fixed: boolean
    }
  /** Of what is in an array, a map or a row: of its elements, of its values, or of each of its fields. */
  | { readonly kind: 'inside'; readonly parts: readonly (TextLimit | null)[] }

/** Null: there is none inside. */
export function limitInside(parts: readonly (TextLimit | null)[]): TextLimit | null {
  return parts.every(part => part === null) ? null : { kind: 'inside', parts }
}

/** As a cast does it: what is too much is cut off. */
export function cutText(expr: Expr, limit: TextLimit, span: Span, cx: BindContext): Expr {
  return limited('cut', expr, limit, span, cx)
}

/** As a column does it: what is too much is an error, blanks apart. */
export function fitText(expr: Expr, limit: TextLimit, cx: BindContext): Expr {
  return limited('fit', expr, limit, expr.span, cx)
}

function limited(
  way: 'cut' | 'fit',
  expr: Expr,
  limit: TextLimit,
  span: Span,
  cx: BindContext
): Expr {
  // NULL has no length, and code for it no types.
  if (expr.kind === 'Literal' && expr.value === null) return expr
  if (limit.kind === 'inside') {
    const lengths = makeLiteral(JSON.stringify(lengthsOf(limit)), TEXT, span)
    return applyFunction(`${way}_inside`, [expr, lengths], span, cx)!
  }
  const { length, fixed } = limit
  const name = way === 'cut' ? 'left' : 'fit_text'
  const short = applyFunction(name, [expr, makeLiteral(length, INT, span)], span, cx)!
  return fixed ? applyFunction('rtrim', [short], span, cx)! : short
}

/** Lengths as `cut_inside` and `fit_inside` take them. */
type Lengths = number | null | readonly Lengths[]

/** Of CHAR it is below 0. */
function lengthsOf(limit: TextLimit | null): Lengths {
  if (limit === null) return null
  if (limit.kind === 'inside') return limit.parts.map(lengthsOf)
  return limit.fixed ? -limit.length : limit.length
}
