import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type BoundRelation,
  columnsOf,
  type Expr,
  makeCase,
  makeColumn,
  makeIsNull,
  makeLiteral,
  shiftColumns
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BIGINT, BOOLEAN, INT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
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
  const counts = countRows(rows, [null], row, cx)
  return counts === null ? null : isSome(counts[0]!, cx)
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
  const counts = countRows(rows, [null, makeIsNull(item, span)], row, cx)
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

/** How many rows there are for which each filter holds; null: of all. Null after a diagnostic. */
function countRows(
  { from, conditions, width, span }: Rows,
  filters: readonly (Expr | null)[],
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
  const count = { name: 'count', args: [], orderBy: [], fraction: null, distinct: false } as const
  const calls = filters.map(filter => ({ ...count, filter, type: BIGINT, nullable: false, span }))
  const scope = { ...startScope(), calls }
  const items = calls.map((call, i) => makeColumn(scope.start + i, call, span))
  const where = rest.map(one => shiftColumns(one, -width))
  const groups = { from, scope, items, having: null, groupBy: [], keys, where, width, span }
  return joinGroups(groups, row, cx)
}

function isSome(count: Expr, cx: BindContext): Expr | null {
  return bindComparison('greater', count, makeLiteral(0, INT, count.span), count.span, cx)
}
