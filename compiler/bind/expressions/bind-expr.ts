import type { Expression, ExpressionKind } from '../../ast/index.ts'
import { wrongType } from '../../diagnostics/bind-expressions.ts'
import { columnNotFound, notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type Expr,
  makeIsNull,
  makeLiteral,
  makeNot,
  makeAnd,
  makeOr,
  makeNotDistinct
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BOOLEAN, NULL_TYPE, showType, TEXT, TIMESTAMP, comparisonType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import type { Names } from '../queries/names-in-scope.ts'
import { bindBinary } from './bind-binary.ts'
import { bindCall } from './bind-call.ts'
import { bindCase } from './bind-case.ts'
import { bindCast } from './bind-cast.ts'
import { bindComparison } from './bind-comparison.ts'
import { bindIn } from './bind-in.ts'
import { bindLike } from './bind-like.ts'
import { coerce, typeOfAll } from './coerce.ts'
import { bindNumber, convertLiteral } from './literals.ts'
import { applyFunction } from './apply-function.ts'

/** Where an expression stands: what names mean there. */
export interface ExprContext {
  readonly bind: BindContext
  /** Null: no columns are in scope, as in DEFAULT and VALUES. */
  readonly names: Names | null
}

type OfKind<K extends ExpressionKind> = Extract<Expression, { kind: K }>
type Binder<K extends ExpressionKind> = (expression: OfKind<K>, cx: ExprContext) => Expr | null

const unsupported =
  (what: string, hint?: string) =>
  ({ span }: { readonly span: Span }, { bind }: ExprContext): null => {
    report(bind, notSupportedYet(what, span, hint))
    return null
  }

const binders: { readonly [K in ExpressionKind]: Binder<K> } = {
  StringLiteral: ({ value, span }) => makeLiteral(value, TEXT, span),
  NumberLiteral: ({ text, span }) => bindNumber(text, span),
  BooleanLiteral: ({ value, span }) => makeLiteral(value, BOOLEAN, span),
  NullLiteral: ({ span }) => makeLiteral(null, NULL_TYPE, span),
  TypedLiteral: bindTypedLiteral,
  IntervalLiteral: unsupported('INTERVAL'),
  Name: ({ name }, { bind, names }) => {
    if (names !== null) return names.resolve(name)
    const text = showName(name)
    const hint = `No column can be read here. Write a text in single quotes: '${text}'.`
    report(bind, columnNotFound(text, name.span, [], hint))
    return null
  },
  Star: unsupported('* outside of a select list'),
  Unary: bindUnary,
  Binary: bindBinary,
  Logical: ({ operator, operands, span }, cx) => {
    const args = bindConditions(operands, operator, cx)
    if (args === null) return null
    return operator === 'AND' ? makeAnd(args, span) : makeOr(args, span)
  },
  Not: ({ operand, span }, cx) => {
    const args = bindConditions([operand], 'NOT', cx)
    return args === null ? null : makeNot(args[0]!, span)
  },
  Is: bindIs,
  DistinctFrom: bindDistinctFrom,
  Between: bindBetween,
  InList: bindIn,
  InQuery: unsupported('IN with a query'),
  Exists: unsupported('EXISTS'),
  Subquery: unsupported('a query as a value'),
  Like: bindLike,
  Case: bindCase,
  Cast: bindCast,
  Call: bindCall,
  ArrayConstructor: unsupported('ARRAY'),
  RowConstructor: unsupported('ROW'),
  Subscript: unsupported('an array element', 'An element of JSON is read with ->.'),
  FieldAccess: unsupported('a field of a row', 'A field of JSON is read with ->.')
}

/** A typed expression; null after a diagnostic. */
export function bindExpr(expression: Expression, cx: ExprContext): Expr | null {
  const binder = binders[expression.kind] as unknown as Binder<ExpressionKind>
  const expr = binder(expression, cx)
  if (expr !== null) cx.bind.findings?.expressions.set(expression, expr)
  return expr
}

export function bindAll(expressions: readonly Expression[], cx: ExprContext): Expr[] | null {
  const bound = expressions.map(expression => bindExpr(expression, cx))
  return bound.every(expr => expr !== null) ? bound : null
}

/** Operands of AND, OR and NOT, and WHERE: each must be a truth value. */
export function bindConditions(
  expressions: readonly Expression[],
  what: string,
  cx: ExprContext
): Expr[] | null {
  const bound = bindAll(expressions, cx)
  if (bound === null) return null
  const conditions = bound.map(expr => {
    if (expr.type.kind === 'Boolean') return expr
    if (expr.kind === 'Literal' && (expr.value === null || expr.type.kind === 'Text')) {
      return convertLiteral(expr, BOOLEAN, cx.bind) ?? null
    }
    report(cx.bind, wrongType(what, 'BOOLEAN', showType(expr.type), expr.span))
    return null
  })
  return conditions.every(expr => expr !== null) ? conditions : null
}

function bindTypedLiteral(
  { type, value, span }: OfKind<'TypedLiteral'>,
  { bind }: ExprContext
): Expr | null {
  const name = type.name
  if (name !== 'TIMESTAMP') {
    report(bind, notSupportedYet(`a ${name} literal`, span))
    return null
  }
  return convertLiteral(makeLiteral(value, TEXT, span), TIMESTAMP, bind) ?? null
}

function bindUnary({ operator, operand, span }: OfKind<'Unary'>, cx: ExprContext): Expr | null {
  // -9223372036854775808 is a BIGINT, its digits alone are not.
  if (operand.kind === 'NumberLiteral') {
    return bindNumber(operator === '-' ? `-${operand.text}` : operand.text, span)
  }
  const arg = bindExpr(operand, cx)
  if (arg === null) return null
  if (operator === '-') return applyFunction('negate', [arg], span, cx.bind)
  return arg
}

function bindIs({ operand, test, negated, span }: OfKind<'Is'>, cx: ExprContext): Expr | null {
  const arg = bindExpr(operand, cx)
  if (arg === null) return null
  const positive = (): Expr | null => {
    if (test === 'NULL') return makeIsNull(arg, span)
    const [condition] = bindConditions([operand], `IS ${test}`, cx) ?? []
    if (condition === undefined) return null
    if (test === 'UNKNOWN') return makeIsNull(condition, span)
    return makeNotDistinct(condition, makeLiteral(test === 'TRUE', BOOLEAN, span), span)
  }
  const bound = positive()
  return bound === null || !negated ? bound : makeNot(bound, span)
}

function bindDistinctFrom(
  { left, right, negated, span }: OfKind<'DistinctFrom'>,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([left, right], cx)
  if (bound === null) return null
  const type = typeOfAll(bound, comparisonType)
  if (type === null) return bindComparison('equal', bound[0]!, bound[1]!, span, cx.bind)
  const [a, b] = bound.map(expr => coerce(expr, type, cx.bind))
  if (!a || !b) return null
  const same = makeNotDistinct(a, b, span)
  return negated ? same : makeNot(same, span)
}

/** `x BETWEEN a AND b` is `x >= a AND x <= b`; SYMMETRIC tries both orders. */
function bindBetween(
  { operand, low, high, negated, symmetric, span }: OfKind<'Between'>,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([operand, low, high], cx)
  if (bound === null) return null
  const [value, from, to] = bound as [Expr, Expr, Expr]
  const between = (a: Expr, b: Expr): Expr | null => {
    const above = bindComparison('greaterEqual', value, a, span, cx.bind)
    const below = bindComparison('lessEqual', value, b, span, cx.bind)
    return above === null || below === null ? null : makeAnd([above, below], span)
  }
  const forward = between(from, to)
  const backward = symmetric ? between(to, from) : null
  if (forward === null) return null
  const all = backward === null ? forward : makeOr([forward, backward], span)
  return negated ? makeNot(all, span) : all
}
