import type { Query } from '../../ast/index.ts'
import { limitNeedsOrder, orderNeedsLimit } from '../../diagnostics/over.ts'
import {
  type BoundQuery,
  type BoundRelation,
  type BoundSelect,
  type Expr,
  makeAnd,
  makeCall,
  makeColumn,
  makeLiteral,
  makeSelect,
  type OverCall
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BIGINT, BOOLEAN } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindRange } from './bind-batch-query.ts'
import { bindBody } from './bind-query.ts'
import type { CommonTables } from './with-tables.ts'
import { bindSortedSelect, bindSortKeys, type SortedSelect } from './bind-select.ts'
import { unnestsItems } from './bind-unnest-items.ts'
import { makeNames } from './names-in-scope.ts'

/** A query with ORDER BY and LIMIT: the first rows of all; null after a diagnostic. */
export function bindLimited(
  query: Query,
  tables: CommonTables,
  cx: BindContext
): BoundQuery | null {
  if (!isTop(query, cx)) return null
  const { body, span } = query
  const sorted =
    body.kind === 'Select' && !body.distinct && !unnestsItems(body)
      ? bindSortedSelect(body, query.orderBy, tables, cx)
      : sortColumns(query, bindBody(body, tables, cx), cx)
  const range = bindRange(query, cx)
  if (sorted === null || range === null) return null
  return firstRows(sorted, { from: range.offset, to: range.offset + range.limit! }, span)
}

function isTop({ orderBy, limit, offset }: Query, cx: BindContext): boolean {
  const [first] = orderBy
  if (first !== undefined && limit !== null) return true
  if (first !== undefined) report(cx, orderNeedsLimit(first.span))
  else if (limit !== null) report(cx, limitNeedsOrder('LIMIT', limit.span))
  else report(cx, limitNeedsOrder('OFFSET', offset!.span))
  return false
}

/** ORDER BY of a query that is no plain SELECT is over its columns. */
function sortColumns(
  { orderBy, span }: Query,
  query: BoundQuery | null,
  cx: BindContext
): SortedSelect | null {
  if (query === null) return null
  const { schema } = query
  const items = schema.columns.map((column, i) => {
    const expr = makeColumn(i, column, span)
    return { name: column.name, expr }
  })
  const names = makeNames(null, schema, cx)
  const sorted = bindSortKeys(orderBy, items, { bind: cx, names, aggregates: 'none' })
  if (sorted === null) return null
  const all = [...items, ...sorted.items]
  const columns = all.map(({ name, expr: { type, nullable } }) => ({ name, type, nullable }))
  const select = makeSelect(derived(query), all, { columns }, span)
  return { select, order: sorted.order, width: items.length }
}

function derived(query: BoundQuery): BoundRelation {
  const { schema, span } = query
  return { kind: 'Derived', name: '', query, schema, span }
}

/** Those whose number, in the order, is above `from` and not above `to`. */
function firstRows(
  { select, order, width }: SortedSelect,
  { from, to }: { readonly from: number; readonly to: number },
  span: Span
): BoundSelect {
  const input = derived(select)
  const { columns } = select.schema
  const plain = { orderBy: [], fraction: null, distinct: false, filter: null } as const
  const number = { name: 'row_number', type: BIGINT, nullable: false }
  const call: OverCall = Object.freeze({
    call: { args: [], ...plain, ...number, span },
    ...{ offset: null, partition: [], order },
    frame: { unit: 'RANGE', start: null, end: 0 } as const
  })
  const schema = { columns: [...columns, number] }
  const over: BoundRelation = { kind: 'Over', input, calls: [call], schema, span }
  const place = makeColumn(columns.length, number, span)
  const compare = (comparison: 'greater' | 'lessEqual', limit: number): Expr =>
    makeCall(comparison, [place, makeLiteral(BigInt(limit), BIGINT, span)], BOOLEAN, false, span)
  const where = makeAnd([compare('greater', from), compare('lessEqual', to)], span)
  const shown = columns.slice(0, width)
  const items = shown.map((column, i) => ({
    name: column.name,
    expr: makeColumn(i, column, span)
  }))
  return { ...makeSelect(over, items, { columns: shown }, span), where }
}
