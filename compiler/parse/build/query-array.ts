import type { QueryContext } from '#grammar'
import type { Expression, Identifier, Query, Select } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { makeCall } from './make-call.ts'
import { buildQuery } from './queries.ts'

/** `ARRAY(query)` is coalesce((SELECT array_agg(item) FROM (query) AS items (item)), ARRAY[]): of no rows it is empty, and not NULL. */
export function buildQueryArray(cx: Builder, tree: QueryContext): Expression {
  const span = spanOf(cx, tree)
  const asked = buildQuery(cx, tree)
  refuseColumns(cx, asked)
  const query = aggregateItems(asked, span) ?? aggregateRows(asked, span)
  const none = { kind: 'ArrayConstructor', span, items: [] } as const
  return makeCall('coalesce', [{ kind: 'Subquery', span, query }, none], span)
}

/** An array is of one column, which `*` would leave open. */
function refuseColumns(cx: Builder, { body }: Query): void {
  if (body.kind !== 'Select') return
  const [item, second] = body.items
  const found = second ?? (item!.expression.kind === 'Star' ? item : undefined)
  if (found === undefined) return
  const what = second === undefined ? '"*"' : 'another one'
  cx.diagnostics.push(syntaxError('one column', what, null, found.span))
}

/**
 * `SELECT x FROM t WHERE ... ORDER BY y` as `SELECT array_agg(x ORDER BY y) FROM t WHERE ...`, which may read the row around it and has an
 * order; null where the query is not so plain. A call may be an aggregate already.
 */
function aggregateItems(query: Query, span: Span): Query | null {
  const { body } = query
  if (body.kind !== 'Select' || query.limit !== null || query.offset !== null) return null
  const [item, ...more] = body.items
  const isGrouped = body.distinct || body.groupBy.length > 0 || body.having !== null
  if (isGrouped || more.length > 0 || item!.expression.kind === 'Call') return null
  const call = makeCall('array_agg', [item!.expression], span)
  const items = Object.freeze({ ...call, orderBy: query.orderBy })
  return { ...query, body: { ...body, items: [selected(items, span)] }, orderBy: [] }
}

function aggregateRows(query: Query, span: Span): Query {
  const named = (name: string): Identifier => ({ kind: 'Identifier', span, name, quoted: true })
  const item = named('item')
  const name = { kind: 'QualifiedName', span, parts: [item] } as const
  const items = makeCall('array_agg', [{ kind: 'Name', span, name }], span)
  const alias = { kind: 'Alias', span, name: named('items'), columns: [item] } as const
  const body: Select = {
    kind: 'Select',
    span,
    distinct: false,
    items: [selected(items, span)],
    from: [{ kind: 'DerivedRelation', span, query, alias }],
    where: null,
    groupBy: [],
    having: null,
    windows: []
  }
  const rest = { with: [], orderBy: [], limit: null, offset: null, emit: null }
  return { kind: 'Query', span, body, ...rest }
}

function selected(expression: Expression, span: Span) {
  return { kind: 'SelectItem', span, expression, alias: null } as const
}
