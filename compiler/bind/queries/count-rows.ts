import { notSupportedYet } from '../../diagnostics/bind.ts'
import { wrongType } from '../../diagnostics/bind-expressions.ts'
import { findAggregate } from '../../functions/index.ts'
import {
  type AggregateCall,
  type BoundRelation,
  columnsOf,
  type Expr,
  makeCase,
  makeCoalesce,
  makeColumn,
  makeIsNull,
  makeLiteral,
  makeOr,
  shiftColumns
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BIGINT, BOOLEAN, INT, showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { type Comparison, bindComparison } from '../expressions/bind-comparison.ts'
import { startScope } from './bind-aggregate.ts'
import { joinGroups } from './join-groups.ts'
import { splitKeys } from './lookup-keys.ts'
import type { RowSoFar } from './row-so-far.ts'

/** The rows of a query inside of an expression. Its conditions are over the row around it, and behind it the rows' own. */
interface Rows {
  readonly from: BoundRelation
  readonly conditions: readonly Expr[]
  readonly width: number
  readonly span: Span
}

/** Whether there are rows for the row around them; null after a diagnostic. */
export function bindHasRows(rows: Rows, row: RowSoFar, cx: BindContext): Expr | null {
  const counts = joinAggregates(rows, [countOf(null, rows)], row, cx)
  return counts === null ? null : isSome(counts[0]!, cx)
}

/** A comparison with the rows' values. */
interface Asked {
  readonly comparison: Comparison
  readonly value: Expr
  readonly item: Expr
  /** Whether the value or the item may be NULL. */
  readonly nullable: boolean
}

/** Whether a comparison, any but `=`, holds for one of the rows: then it does for the least or the greatest. Null after a diagnostic. */
export function bindHoldsForSome(
  { comparison, value, item, nullable }: Asked,
  rows: Rows,
  row: RowSoFar,
  cx: BindContext
): Expr | null {
  const { span } = rows
  const calls = extremesFor[comparison].map(name => extremeOf(name, item, rows, cx))
  if (!calls.every(call => call !== null)) return null
  const extremes = joinAggregates(rows, calls, row, cx)
  const tests = extremes?.map(extreme => bindComparison(comparison, value, extreme, span, cx))
  if (!tests?.every(test => test !== null)) return null
  const found = makeOr(tests, span)
  if (nullable) return orUnknown(found, value, item, rows, row, cx)
  // There is no least where there are no rows.
  return makeCoalesce([found, makeLiteral(false, BOOLEAN, span)], BOOLEAN, span)
}

/** With the greatest where something is less than any, and so on. */
const extremesFor: Readonly<Record<Comparison, readonly ('min' | 'max')[]>> = {
  equal: ['min', 'max'],
  notEqual: ['min', 'max'],
  less: ['max'],
  lessEqual: ['max'],
  greater: ['min'],
  greaterEqual: ['min']
}

/** Null after a diagnostic. */
function extremeOf(
  name: 'min' | 'max',
  item: Expr,
  { span }: Rows,
  cx: BindContext
): AggregateCall | null {
  const type = findAggregate(name)!.result([item.type])
  if (type !== null) {
    const rest = { orderBy: [], fraction: null, distinct: false, filter: null, nullable: true }
    return { name, args: [item], ...rest, type, span }
  }
  report(cx, wrongType('ANY and ALL', 'values with an order', showType(item.type), item.span))
  return null
}

/**
 * What IN is that is not true for any row, by whether it is: NULL beside a NULL among the rows' values, and for a NULL where there
 * are rows. Null after a diagnostic.
 */
export function orUnknown(
  found: Expr,
  value: Expr,
  item: Expr,
  rows: Rows,
  row: RowSoFar,
  cx: BindContext
): Expr | null {
  const { span } = rows
  const asked = [countOf(null, rows), countOf(makeIsNull(item, span), rows)]
  const counts = joinAggregates(rows, asked, row, cx)
  if (counts === null) return null
  const [some, nulls] = counts.map(count => isSome(count, cx))
  if (some === null || nulls === null) return null
  const isTrue = makeLiteral(true, BOOLEAN, span)
  const unknown = makeLiteral(null, BOOLEAN, span)
  const ofNull = makeCase([{ when: makeIsNull(value, span), then: some! }], nulls!, BOOLEAN, span)
  return makeCase(
    [
      { when: found, then: isTrue },
      { when: ofNull, then: unknown }
    ],
    makeLiteral(false, BOOLEAN, span),
    BOOLEAN,
    span
  )
}

/** How many rows there are for which a filter holds; null: of all. */
function countOf(filter: Expr | null, { span }: Rows): AggregateCall {
  const count = { name: 'count', args: [], orderBy: [], fraction: null, distinct: false } as const
  return { ...count, filter, type: BIGINT, nullable: false, span }
}

/** Aggregates of the rows, beside the row around them. Null after a diagnostic. */
function joinAggregates(
  { from, conditions, width, span }: Rows,
  calls: readonly AggregateCall[],
  row: RowSoFar,
  cx: BindContext
): readonly Expr[] | null {
  const { keys, rest } = splitKeys(conditions, width)
  const ofBoth = rest.find(one => columnsOf([one]).some(index => index < width))
  if (ofBoth !== undefined) {
    const what =
      'a query as a part of an expression with a condition on both rows that is no equality'
    report(cx, notSupportedYet(what, ofBoth.span))
    return null
  }
  const scope = { ...startScope(), calls: [...calls] }
  const items = calls.map((call, i) => makeColumn(scope.start + i, call, span))
  const where = rest.map(one => shiftColumns(one, -width))
  const groups = { from, scope, items, having: null, groupBy: [], keys, where, width, span }
  return joinGroups(groups, row, cx)
}

function isSome(count: Expr, cx: BindContext): Expr | null {
  return bindComparison('greater', count, makeLiteral(0, INT, count.span), count.span, cx)
}
