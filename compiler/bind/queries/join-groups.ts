import { notGrouped } from '../../diagnostics/bind-batch.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type AggregateCall,
  argumentsOfAggregate,
  type BoundRelation,
  columnsOf,
  type Expr,
  joinSchema,
  makeAnd,
  makeCase,
  makeCoalesce,
  makeColumn,
  makeInterner,
  makeIsNull,
  makeLiteral,
  makeNot,
  makeSelect,
  mapAggregate,
  replaceSubtrees,
  shiftColumns
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { INT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { coerce } from '../expressions/coerce.ts'
import type { AggregateScope } from './aggregate-scope.ts'
import { type BoundKey, makeEveryRow } from './lookup-keys.ts'
import { addRelation, filteredRow, type RowSoFar } from './row-so-far.ts'

/** A query of groups that reads the row around it, bound over that row and the inner one behind it. */
export interface CorrelatedGroups {
  readonly from: BoundRelation
  readonly scope: AggregateScope
  readonly items: readonly Expr[]
  readonly having: Expr | null
  readonly groupBy: readonly Expr[]
  readonly keys: readonly BoundKey[]
  /** What else is asked of an inner row, over that row. */
  readonly where: readonly Expr[]
  readonly width: number
  readonly span: Span
}

/** The items over the row with its group behind it; null after a diagnostic. */
export function joinGroups(
  groups: CorrelatedGroups,
  row: RowSoFar,
  cx: BindContext
): readonly Expr[] | null {
  const { keys, span, groupBy } = groups
  const rights = keys.map(({ right }) => right)
  const intern = makeInterner()
  const known = rights.map(intern)
  const other = groupBy.find(key => !known.includes(intern(key)))
  if (other !== undefined) {
    const what = 'a query as a value with several groups for a row'
    report(cx, notSupportedYet(what, other.span))
    return null
  }
  const aggregates = aggregatesOf(groups, cx)
  if (aggregates === null) return null
  const start = row.relation.schema.columns.length
  const schema = addGroups(groups, rights, aggregates, row)
  const over = overRow(groups, rights, aggregates, { schema, start }, cx)
  const values = groups.items.map(over)
  const having = groups.having === null ? null : over(groups.having)
  if (!values.every(value => value !== null)) return null
  if (having === null && groups.having !== null) return null
  const isThere = groupBy.length === 0 ? null : isFound(start, schema, span)
  const asked = [isThere, having].filter(test => test !== null)
  return asked.length === 0 ? values : values.map(value => onlyWhere(asked, value, span))
}

/** The groups go on behind the row, which has one of them at most; answers the columns of both. */
function addGroups(
  groups: CorrelatedGroups,
  rights: readonly Expr[],
  aggregates: readonly AggregateCall[],
  row: RowSoFar
): BoundRelation['schema'] {
  const { keys, span } = groups
  const right = groupsOf(groups, rights, aggregates)
  const left = filteredRow(row)
  const schema = joinSchema(left.schema, right.schema, 'LEFT')
  const own = keys.map((key, i) => ({
    left: key.left,
    right: makeColumn(i, right.schema.columns[i]!, span)
  }))
  const found = own.length === 0 ? [makeEveryRow(span)] : own
  const join = 'LEFT' as const
  addRelation(row, {
    ...{ kind: 'Join', join, left, right, keys: found, condition: null, schema, span }
  })
  return schema
}

function onlyWhere(conditions: readonly Expr[], value: Expr, span: Span): Expr {
  const { type } = value
  const branch = { when: makeAnd(conditions, span), then: value }
  return makeCase([branch], makeLiteral(null, type, span), type, span)
}

/** A group has no NULL among what it was found by. */
function isFound(width: number, { columns }: BoundRelation['schema'], span: Span): Expr {
  return makeNot(makeIsNull(makeColumn(width, columns[width]!, span), span), span)
}

/** The aggregates over the inner row; null after a diagnostic. */
function aggregatesOf(
  { scope, width }: CorrelatedGroups,
  cx: BindContext
): readonly AggregateCall[] | null {
  for (const call of scope.calls) {
    if (columnsOf(argumentsOfAggregate(call)).every(index => index >= width)) continue
    report(cx, notSupportedYet('an aggregate of a column of the row around the query', call.span))
    return null
  }
  return scope.calls.map(call => mapAggregate(call, expr => shiftColumns(expr, -width)))
}

/** The inner query's groups by all that it is compared by: the keys, and behind them the aggregates. */
function groupsOf(
  { from, where, span }: CorrelatedGroups,
  keys: readonly Expr[],
  aggregates: readonly AggregateCall[]
): BoundRelation {
  const computed = [...keys, ...aggregates]
  const items = computed.map(({ type, nullable }, i) => {
    const name = i < keys.length ? `key ${i + 1}` : aggregates[i - keys.length]!.name
    return { name, expr: makeColumn(i, { name, type, nullable }, span) }
  })
  const columns = items.map(({ name, expr: { type, nullable } }) => ({ name, type, nullable }))
  const schema = { columns }
  const query = {
    ...makeSelect(from, items, schema, span),
    where: where.length === 0 ? null : makeAnd(where, span),
    grouping: { keys, sets: null, aggregates, having: null, session: null }
  }
  return { kind: 'Derived', name: '', query, schema, span }
}

/** A row, and where its group begins. */
interface Joined {
  readonly schema: BoundRelation['schema']
  readonly start: number
}

/** Makes an expression over the outer row and the inner one's aggregates one over the joined row; null after a diagnostic. */
function overRow(
  { scope, width, groupBy }: CorrelatedGroups,
  keys: readonly Expr[],
  aggregates: readonly AggregateCall[],
  { schema: { columns }, start }: Joined,
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const ids = keys.map(key => intern(shiftColumns(key, width)))
  const grouped = groupBy.map(key => intern(shiftColumns(key, width)))
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const id = intern(expr)
      const place = start + ids.indexOf(id)
      if (grouped.includes(id)) return makeColumn(place, columns[place]!, expr.span)
      if (expr.kind !== 'Column' || expr.index < width) return null
      if (expr.index >= scope.start) return aggregate(expr.index - scope.start, expr.span)
      report(cx, notGrouped(expr.name, expr.span))
      complete = false
      return expr
    })
    return complete ? result : null
  }
  function aggregate(at: number, place: Span): Expr {
    const index = start + keys.length + at
    const found = makeColumn(index, columns[index]!, place)
    return aggregates[at]!.nullable ? found : orZero(found, cx)
  }
}

/** What counts rows is 0 where there are none. */
function orZero(count: Expr, cx: BindContext): Expr {
  const { type, span } = count
  const zero = makeLiteral(0, INT, span)
  return makeCoalesce([count, coerce(zero, type, cx) ?? zero], type, span)
}
