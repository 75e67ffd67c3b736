import type { Expression, ExpressionKind } from '../../ast/index.ts'
import { invalidLiteral, wrongType } from '../../diagnostics/bind-expressions.ts'
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
import {
  BOOLEAN,
  comparisonType,
  INTERVAL,
  isComparable,
  NULL_TYPE,
  showType,
  type SqlType,
  TEXT
} from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { exprMeant } from '../queries/bind-grouping.ts'
import {
  bindExistsProbe,
  bindInProbe,
  bindQuantifiedProbe,
  bindScalarProbe
} from '../queries/bind-probe.ts'
import { bindQuantifiedValue } from '../queries/bind-quantified.ts'
import { bindExistsValue, bindInValue, bindScalarQuery } from '../queries/bind-subquery.ts'
import { cutText } from '../text-limit.ts'
import { bindLimited } from '../type-name.ts'
import { bindBinary } from './bind-binary.ts'
import { bindCall } from './bind-call.ts'
import { bindCase } from './bind-case.ts'
import { bindCast } from './bind-cast.ts'
import { bindComparison } from './bind-comparison.ts'
import {
  bindArray,
  bindField,
  bindRow,
  bindSlice,
  bindSubscript,
  fieldOf,
  rowItems
} from './bind-composite.ts'
import { bindIn } from './bind-in.ts'
import { bindLike } from './bind-like.ts'
import { coerce, typeOfAll } from './coerce.ts'
import { intervalFromText } from './interval-literal.ts'
import { bindNumber, convertLiteral } from './literals.ts'
import { applyFunction } from './apply-function.ts'
import type { ExprContext } from './expr-context.ts'

type OfKind<K extends ExpressionKind> = Extract<Expression, { kind: K }>
type Binder<K extends ExpressionKind> = (expression: OfKind<K>, cx: ExprContext) => Expr | null

const unsupported =
  (what: string, hint?: string) =>
  ({ span }: { readonly span: Span }, { bind }: ExprContext): null => {
    report(bind, notSupportedYet(what, span, hint))
    return null
  }

/** Where a query can stand, told where one can't. */
const OF_WHERE =
  'It compiles in WHERE and in the select list of a query that is not inside of an expression.'

const binders: { readonly [K in ExpressionKind]: Binder<K> } = {
  StringLiteral: ({ value, span }) => makeLiteral(value, TEXT, span),
  NumberLiteral: ({ text, span }, { bind }) => bindNumber(text, span, bind),
  BooleanLiteral: ({ value, span }) => makeLiteral(value, BOOLEAN, span),
  NullLiteral: ({ span }) => makeLiteral(null, NULL_TYPE, span),
  TypedLiteral: bindTypedLiteral,
  IntervalLiteral: bindInterval,
  Name: ({ name }, { bind, names, aliases }) => {
    if (names !== null) return exprMeant(name, names, aliases) ?? names.resolve(name)
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
  InQuery: (expression, cx) => {
    if (cx.probes !== undefined) return bindInProbe(expression, cx.probes, cx)
    if (cx.row !== undefined) return bindInValue(expression, cx.row, cx)
    return unsupported('IN with a query here', OF_WHERE)(expression, cx)
  },
  Quantified: (expression, cx) => {
    if (cx.probes !== undefined) return bindQuantifiedProbe(expression, cx.probes, cx)
    if (cx.row !== undefined) return bindQuantifiedValue(expression, cx.row, cx)
    const what = `${expression.isAll ? 'ALL' : 'ANY'} with a query here`
    return unsupported(what, OF_WHERE)(expression, cx)
  },
  Exists: (expression, cx) => {
    if (cx.probes !== undefined) return bindExistsProbe(expression.query, cx.probes, cx)
    if (cx.row !== undefined) return bindExistsValue(expression.query, cx.row, cx)
    return unsupported('EXISTS here', OF_WHERE)(expression, cx)
  },
  Subquery: ({ query, span }, cx) => {
    if (cx.row !== undefined) return bindScalarQuery(query, cx.row, cx)
    if (cx.probes !== undefined) return bindScalarProbe(query, cx.probes, cx)
    report(cx.bind, notSupportedYet('a query as a value here', span, OF_WHERE))
    return null
  },
  Like: bindLike,
  Case: bindCase,
  Cast: bindCast,
  Call: bindCall,
  ArrayConstructor: bindArray,
  RowConstructor: bindRow,
  Subscript: bindSubscript,
  Slice: bindSlice,
  FieldAccess: bindField
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
  const bound = bindLimited(type, bind)
  const literal = bound && convertLiteral(makeLiteral(value, TEXT, span), bound.type, bind)
  if (!bound || !literal) return null
  return bound.limit === null ? literal : cutText(literal, bound.limit, span, bind)
}

/** `INTERVAL '5' SECOND`, `INTERVAL '1 day 02:00:00'`. */
function bindInterval(
  { value, unit, toUnit, span }: OfKind<'IntervalLiteral'>,
  { bind }: ExprContext
): Expr | null {
  const iso = intervalFromText(value, unit, toUnit)
  if (iso !== undefined) return makeLiteral(iso, INTERVAL, span)
  const units = [unit, toUnit].filter(word => word !== null).join(' TO ')
  report(bind, invalidLiteral(value, units === '' ? 'INTERVAL' : `INTERVAL ${units}`, span))
  return null
}

const prefixFunctions = {
  '-': 'negate',
  '+': null,
  '|/': 'square_root',
  '||/': 'cube_root',
  '~': 'bits_not',
  '@': 'abs'
}

function bindUnary({ operator, operand, span }: OfKind<'Unary'>, cx: ExprContext): Expr | null {
  // -9223372036854775808 is a BIGINT, its digits alone are not.
  if (operand.kind === 'NumberLiteral' && (operator === '-' || operator === '+')) {
    return bindNumber(operator === '-' ? `-${operand.text}` : operand.text, span, cx.bind)
  }
  const arg = bindExpr(operand, cx)
  if (arg === null) return null
  const name = prefixFunctions[operator]
  return name === null ? arg : applyFunction(name, [arg], span, cx.bind)
}

function bindIs({ operand, test, negated, span }: OfKind<'Is'>, cx: ExprContext): Expr | null {
  const arg = bindExpr(operand, cx)
  if (arg === null) return null
  if (test === 'NULL' && arg.type.kind === 'Row') return rowIsNull(arg, negated, span)
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

/** A row is NULL where all of its fields are, and NOT NULL where none is: PostgreSQL's rule, by which it may be neither. */
function rowIsNull(row: Expr, negated: boolean, span: Span): Expr {
  const { fields } = row.type as Extract<SqlType, { kind: 'Row' }>
  const tests = fields.map((_, i): Expr => {
    const isNull = makeIsNull(fieldOf(row, i, span), span)
    return negated ? makeNot(isNull, span) : isNull
  })
  return makeAnd(tests, span)
}

function bindDistinctFrom(
  { left, right, negated, span }: OfKind<'DistinctFrom'>,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([left, right], cx)
  if (bound === null) return null
  const same = bindSame(bound[0]!, bound[1]!, span, cx)
  return same === null || negated ? same : makeNot(same, span)
}

/** Rows that are written out are compared field by field. */
function bindSame(left: Expr, right: Expr, span: Span, cx: ExprContext): Expr | null {
  const [leftItems, rightItems] = [rowItems(left), rowItems(right)]
  if (leftItems !== null && rightItems?.length === leftItems.length) {
    const tests = leftItems.map((item, i) => bindSame(item, rightItems[i]!, span, cx))
    return tests.every(test => test !== null) ? makeAnd(tests, span) : null
  }
  const type = typeOfAll([left, right], comparisonType)
  // It says what is wrong.
  if (type === null || !isComparable(type)) {
    return bindComparison('equal', left, right, span, cx.bind)
  }
  const [a, b] = [coerce(left, type, cx.bind), coerce(right, type, cx.bind)]
  return a === null || b === null ? null : makeNotDistinct(a, b, span)
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
