import type { Expression, Query, Select } from '../../ast/index.ts'
import { columnCount, notSupportedYet } from '../../diagnostics/bind.ts'
import { notGrouped } from '../../diagnostics/bind-batch.ts'
import { subqueryNeedsEquality } from '../../diagnostics/bind-joins.ts'
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
  shiftColumns,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { INT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindAll, bindConditions, type ExprContext } from '../expressions/bind-expr.ts'
import { coerce } from '../expressions/coerce.ts'
import { type AggregateScope, startScope } from './bind-aggregate.ts'
import { bindItems, bindRelation } from './bind-select.ts'
import { type BoundKey, splitKeys } from './lookup-keys.ts'
import { namesOf, type Names, nestedNames } from './names-in-scope.ts'
import { addRelation, filteredRow, type RowSoFar } from './row-so-far.ts'
import { groupedSelect } from './subquery-shape.ts'
import { partsOfExpression } from './walk-expression.ts'

/** A query of groups that reads the row around it, bound over that row and the inner one behind it. */
interface CorrelatedGroups {
  readonly from: BoundRelation
  readonly scope: AggregateScope
  readonly item: Expr
  readonly having: Expr | null
  readonly groupBy: readonly Expr[]
  readonly keys: readonly BoundKey[]
  /** What else is asked of an inner row, over that row. */
  readonly where: readonly Expr[]
  readonly width: number
  readonly span: Span
}

/**
 * `(SELECT MAX(x) FROM t WHERE t.k = o.k)`: the row is joined with the groups of `t` by what they are compared by. Where there is
 * no group the aggregates are those of no rows. Null after a diagnostic; undefined: it is another kind of query.
 */
export function bindCorrelatedGroups(
  query: Query,
  row: RowSoFar,
  cx: ExprContext
): Expr | null | undefined {
  const select = groupedSelect(query)
  if (select === null) return undefined
  const input = bindRelation(select.from[0]!, row.tables, cx.bind)
  if (input === null) return null
  if (!readsRowAround(select, namesOf(input.parts, cx.bind), cx.names!)) return undefined
  const width = row.relation.schema.columns.length
  const parts = input.parts.map(part => ({ ...part, start: part.start + width }))
  const inside: ExprContext = { bind: cx.bind, names: nestedNames(parts, cx.names!, cx.bind) }
  const groups = bindParts(select, query.span, { relation: input.relation, width }, inside)
  return groups === null ? null : joinGroups(groups, row, cx.bind)
}

/** Whether a name in it means a column of the row around it. */
function readsRowAround(select: Select, inner: Names, outer: Names): boolean {
  const { items, where, having } = select
  const roots = [...items.map(({ expression }) => expression), ...keysOf(select), where, having]
  const parts = roots.flatMap(root =>
    root === null || root.kind === 'Star' ? [] : [...partsOfExpression(root)]
  )
  // A query inside of it has names of its own.
  if (parts.some(({ kind }) => kind === 'Query')) return false
  return parts.some(part => part.kind === 'Name' && !inner.has(part.name) && outer.has(part.name))
}

function keysOf({ groupBy }: Select): readonly Expression[] {
  return groupBy.flatMap(element => (element.kind === 'GroupBy' ? [element.expression] : []))
}

/** Null after a diagnostic. */
function bindParts(
  select: Select,
  span: Span,
  { relation, width }: { readonly relation: BoundRelation; readonly width: number },
  inside: ExprContext
): CorrelatedGroups | null {
  const scope = startScope()
  const grouped: ExprContext = { ...inside, aggregates: scope }
  const items = bindItems(select.items, inside.names!, grouped)
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', grouped)
  const where = select.where === null ? [] : bindConditions([select.where], 'WHERE', inside)
  const groupBy = bindAll(keysOf(select), inside)
  if (items === null || having === null || where === null || groupBy === null) return null
  if (items.length !== 1) {
    report(inside.bind, columnCount('a query as a value', 1, 'this one gives', items.length, span))
    return null
  }
  const { keys, rest } = splitKeys(where.flatMap(splitConjuncts), width)
  const ofBoth = rest.find(one => columnsOf([one]).some(index => index < width))
  if (keys.length === 0) report(inside.bind, subqueryNeedsEquality(span))
  else if (ofBoth !== undefined) {
    const what = 'a query with groups that compares the row around it otherwise than by equality'
    report(inside.bind, notSupportedYet(what, ofBoth.span))
  } else {
    return {
      ...{ from: relation, scope, item: items[0]!.expr, having: having[0] ?? null, width, span },
      groupBy: groupBy.map(key => shiftColumns(key, -width)),
      keys,
      where: rest.map(one => shiftColumns(one, -width))
    }
  }
  return null
}

/** The value over the row with its group behind it; null after a diagnostic. */
function joinGroups(groups: CorrelatedGroups, row: RowSoFar, cx: BindContext): Expr | null {
  const { keys, width, span, groupBy } = groups
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
  const right = groupsOf(groups, rights, aggregates)
  const left = filteredRow(row)
  const schema = joinSchema(left.schema, right.schema, 'LEFT')
  const found = keys.map((key, i) => ({
    left: key.left,
    right: makeColumn(i, right.schema.columns[i]!, span)
  }))
  const join = 'LEFT' as const
  addRelation(row, {
    ...{ kind: 'Join', join, left, right, keys: found, condition: null, schema, span }
  })
  const over = overRow(groups, rights, aggregates, schema, cx)
  const value = over(groups.item)
  const having = groups.having === null ? null : over(groups.having)
  if (value === null || (having === null && groups.having !== null)) return null
  const isThere = groupBy.length === 0 ? null : isFound(width, schema, span)
  const asked = [isThere, having].filter(test => test !== null)
  if (asked.length === 0) return value
  const when = makeAnd(asked, span)
  return makeCase([{ when, then: value }], makeLiteral(null, value.type, span), value.type, span)
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

/** Makes an expression over the outer row and the inner one's aggregates one over the joined row; null after a diagnostic. */
function overRow(
  { scope, width, groupBy }: CorrelatedGroups,
  keys: readonly Expr[],
  aggregates: readonly AggregateCall[],
  { columns }: BoundRelation['schema'],
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const ids = keys.map(key => intern(shiftColumns(key, width)))
  const grouped = groupBy.map(key => intern(shiftColumns(key, width)))
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const id = intern(expr)
      const place = width + ids.indexOf(id)
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
    const index = width + keys.length + at
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
