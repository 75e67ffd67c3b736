import type { CaseExpression } from '../../ast/index.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeCase, makeCoalesce, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { commonType, NULL_TYPE, showType, type SqlType } from '../../types/index.ts'
import { report } from '../context.ts'
import { bindComparison } from './bind-comparison.ts'
import { bindConditions, bindExpr } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { coerce, typeOfAll } from './coerce.ts'

/** `CASE x WHEN v` is `CASE WHEN x = v`. */
export function bindCase(
  { operand, branches, otherwise, span }: CaseExpression,
  cx: ExprContext
): Expr | null {
  const subject = operand === null ? null : bindExpr(operand, cx)
  if (operand !== null && subject === null) return null
  const whens = branches.map(({ when }) => {
    if (subject === null) return bindConditions([when], 'WHEN', cx)?.[0] ?? null
    const value = bindExpr(when, cx)
    return value === null ? null : bindComparison('equal', subject, value, when.span, cx.bind)
  })
  const answers = branches.map(({ then }) => bindExpr(then, cx))
  answers.push(otherwise === null ? makeLiteral(null, NULL_TYPE, span) : bindExpr(otherwise, cx))
  if (!whens.every(when => when !== null) || !answers.every(answer => answer !== null)) return null
  const unified = unify(answers, 'the branches of CASE', span, cx)
  if (unified === null) return null
  const { exprs, type } = unified
  const pairs = whens.map((when, i) => ({ when, then: exprs[i]! }))
  return makeCase(pairs, exprs.at(-1)!, type, span)
}

export function bindCoalesce(args: readonly Expr[], span: Span, cx: ExprContext): Expr | null {
  const unified = unify(args, 'the arguments of coalesce', span, cx)
  return unified === null ? null : makeCoalesce(unified.exprs, unified.type, span)
}

/** Expressions as their one type; null after a diagnostic. */
export function unify(
  exprs: readonly Expr[],
  what: string,
  span: Span,
  { bind }: ExprContext
): { readonly exprs: readonly Expr[]; readonly type: SqlType } | null {
  const type = typeOfAll(exprs, commonType)
  if (type === null) {
    report(bind, noCommonType(what, [...new Set(exprs.map(expr => showType(expr.type)))], span))
    return null
  }
  const coerced = exprs.map(expr => coerce(expr, type, bind))
  return coerced.every(expr => expr !== null) ? { exprs: coerced, type } : null
}
