import { type Expr, makeCast } from '../../ir/index.ts'
import { sameType, type SqlType, TEXT } from '../../types/index.ts'
import type { BindContext } from '../context.ts'
import { convertLiteral } from './literals.ts'

/** An expression as one of `type`, to which it is known to convert; null after a diagnostic of a literal that does not. */
export function coerce(expr: Expr, type: SqlType, cx: BindContext): Expr | null {
  if (sameType(expr.type, type)) return expr
  if (expr.kind === 'Literal') {
    const converted = convertLiteral(expr, type, cx)
    if (converted !== undefined) return converted
  }
  return makeCast(expr, type, false, expr.span)
}

/** Whether a string literal's type is still open, as PostgreSQL's unknown. */
export function isStringLiteral(expr: Expr): boolean {
  return expr.kind === 'Literal' && expr.type.kind === 'Text'
}

/**
 * The one type of several expressions, by `combine` of two; string literals and NULLs take what the others have. Null where
 * there is none.
 */
export function typeOfAll(
  exprs: readonly Expr[],
  combine: (a: SqlType, b: SqlType) => SqlType | null
): SqlType | null {
  const typed = exprs.filter(expr => !isStringLiteral(expr) && expr.type.kind !== 'Null')
  if (typed.length === 0) return TEXT
  let type: SqlType | null = typed[0]!.type
  for (const expr of typed.slice(1)) type = type === null ? null : combine(type, expr.type)
  return type
}
