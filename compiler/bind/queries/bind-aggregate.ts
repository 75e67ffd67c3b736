import type { CallExpression, Expression, SortItem } from '../../ast/index.ts'
import { aggregateInside, argumentTypes } from '../../diagnostics/bind-expressions.ts'
import { aggregateOrder } from '../../diagnostics/bind-groups.ts'
import { type AggregateEntry, findAggregate } from '../../functions/index.ts'
import {
  type AggregateCall,
  type Expr,
  makeColumn,
  makeInterner,
  type SortKey
} from '../../ir/index.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  INT,
  INTERVAL,
  showType,
  type SqlType,
  TEXT,
  TIMESTAMP
} from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindAll, bindConditions, bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import type { AggregateScope } from './aggregate-scope.ts'

/** Behind every column that a row can have: how many the input has is known only once the whole query is bound. */
const BEHIND_ALL_COLUMNS = 1 << 24

export function startScope(): AggregateScope {
  return {
    calls: [],
    intern: makeInterner(),
    start: BEHIND_ALL_COLUMNS,
    groupings: [],
    groupingStart: 2 * BEHIND_ALL_COLUMNS
  }
}

export function isAggregateCall(call: CallExpression): boolean {
  return findAggregate(showName(call.name).toLowerCase()) !== null
}

export function isGroupingCall(name: string): boolean {
  return name === 'grouping' || name === 'grouping_id'
}

/** GROUPING as a column behind the input row; null after a diagnostic. */
export function bindGroupingCall(
  { args, span }: CallExpression,
  { groupings, groupingStart }: AggregateScope,
  cx: ExprContext
): Expr | null {
  const values = args.map(arg => arg.value)
  const { aliases: _, ...rows } = cx
  const bound = bindAll(values, { ...rows, aggregates: 'inside' })
  if (bound === null) return null
  const index = groupingStart + groupings.push({ args: bound, span }) - 1
  return makeColumn(index, { name: 'grouping', type: INT, nullable: false }, span)
}

/** An aggregate call as a column behind the input row; null after a diagnostic. */
export function bindAggregate(
  call: CallExpression,
  scope: AggregateScope,
  cx: ExprContext
): Expr | null {
  // An aggregate of an aggregate has no meaning, nor has one of a window function or of an alias, which come behind it.
  const { over: _, aliases: __, ...rows } = cx
  const found = bindAggregateCall(call, { ...rows, aggregates: 'inside' })
  return found === null ? null : makeColumn(scope.start + placeOf(found, scope), found, call.span)
}

/** The call over its input's row; null after a diagnostic. */
export function bindAggregateCall(call: CallExpression, cx: ExprContext): AggregateCall | null {
  const entry = findAggregate(showName(call.name).toLowerCase())!
  const written = writtenParts(entry, call, cx)
  if (written === null) return null
  const args = bindAll(written.args, cx)
  const orderBy = bindOrder(written.orderBy, cx)
  const filter = call.filter === null ? [] : bindConditions([call.filter], 'FILTER', cx)
  if (args === null || orderBy === null || filter === null) return null
  const type = resultType(entry, args, written.isStar)
  if (type === null) {
    const found = args.map(arg => showType(arg.type))
    report(cx.bind, argumentTypes(entry.name, found, takenBy(entry), call.span))
    return null
  }
  const { name, nullable } = entry
  const { distinct, span } = call
  const { fraction } = written
  return {
    ...{ name, args, orderBy, fraction, distinct },
    filter: filter[0] ?? null,
    type,
    nullable,
    span
  }
}

interface WrittenParts {
  readonly args: readonly Expression[]
  readonly isStar: boolean
  readonly orderBy: readonly SortItem[]
  readonly fraction: number | null
}

/** What the call has in its parentheses and in WITHIN GROUP; null after a diagnostic. */
function writtenParts(
  entry: AggregateEntry,
  call: CallExpression,
  cx: ExprContext
): WrittenParts | null {
  const parts = entry.order === 'within' ? withinGroup(entry, call) : inParentheses(entry, call)
  if (typeof parts !== 'string') return parts
  report(cx.bind, aggregateOrder(entry.name, parts, call.span))
  return null
}

/** A text says what is wrong. */
function inParentheses({ order }: AggregateEntry, call: CallExpression): WrittenParts | string {
  const { orderBy } = call
  if (call.withinGroup !== null) return 'takes no WITHIN GROUP'
  if (order === 'must' && orderBy.length === 0) return 'needs an ORDER BY'
  const given = call.args.map(arg => arg.value)
  const isStar = given.length === 1 && given[0]!.kind === 'Star'
  return { args: isStar ? [] : given, isStar, orderBy, fraction: null }
}

/** approx_percentile(x, 0.95), as others write it: the value that would stand in WITHIN GROUP. */
function valueInFront({ name }: AggregateEntry, { args, span }: CallExpression): SortItem[] {
  if (name !== 'approx_percentile' || args.length !== 2) return []
  const expression = args[0]!.value
  return [{ kind: 'SortItem', expression, descending: false, nulls: null, span }]
}

/** A text says what is wrong. */
function withinGroup(entry: AggregateEntry, call: CallExpression): WrittenParts | string {
  const [item, ...others] = call.withinGroup ?? valueInFront(entry, call)
  const isMore = others.length > 0 || call.orderBy.length > 0 || call.distinct
  if (item === undefined || isMore) return 'needs WITHIN GROUP (ORDER BY ...) of one value'
  const rest = { args: [item.expression], isStar: false, orderBy: [item] }
  const values = call.args.map(arg => arg.value)
  const [first, ...more] = call.withinGroup === null ? values.slice(1) : values
  if (!entry.fraction) {
    return first === undefined ? { ...rest, fraction: null } : 'takes nothing in its parentheses'
  }
  const value = first?.kind === 'NumberLiteral' ? Number(first.text) : NaN
  const isFraction = more.length === 0 && value >= 0 && value <= 1
  return isFraction ? { ...rest, fraction: value } : 'takes one constant from 0 to 1'
}

export function bindOrder(items: readonly SortItem[], cx: ExprContext): SortKey[] | null {
  const keys = items.map(({ expression, descending, nulls }) => {
    const expr = bindExpr(expression, cx)
    const nullsFirst = nulls === null ? descending : nulls === 'FIRST'
    return expr === null ? null : { expr, descending, nullsFirst }
  })
  return keys.every(key => key !== null) ? keys : null
}

/** The index of a call among those of its query. */
function placeOf(call: AggregateCall, { calls, intern }: AggregateScope): number {
  const idOf = ({ name, args, orderBy, fraction, distinct, filter }: AggregateCall): string => {
    const order = orderBy.map(key => [intern(key.expr), key.descending, key.nullsFirst])
    const kept = filter === null ? null : intern(filter)
    return JSON.stringify([name, args.map(intern), order, fraction, distinct, kept])
  }
  const id = idOf(call)
  const known = calls.findIndex(other => idOf(other) === id)
  return known >= 0 ? known : calls.push(call) - 1
}

function resultType(entry: AggregateEntry, args: readonly Expr[], isStar: boolean) {
  if (isStar) return entry.name === 'count' ? entry.result([]) : null
  return args.length === entry.arguments ? entry.result(args.map(arg => arg.type)) : null
}

/** What an aggregate takes, for messages. */
function takenBy({ name, arguments: count, result }: AggregateEntry): readonly string[] {
  const taken = shownTypes.filter(type => result(Array<SqlType>(count).fill(type)) !== null)
  const any = Array(count).fill('a').join(', ')
  if (name === 'count') return ['*', any]
  if (taken.length === shownTypes.length) return [any]
  return taken.map(type => Array(count).fill(showType(type)).join(', '))
}

const shownTypes = [BOOLEAN, BIGINT, DECIMAL, DOUBLE, TEXT, DATE, TIMESTAMP, INTERVAL]

/** Reports an aggregate where none can stand; null always. */
export function refuseAggregate(call: CallExpression, cx: ExprContext): null {
  report(cx.bind, aggregateInside(showName(call.name), call.span))
  return null
}
