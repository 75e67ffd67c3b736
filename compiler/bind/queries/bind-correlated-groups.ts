import type { Expression, Query, Select } from '../../ast/index.ts'
import { columnCount, notSupportedYet } from '../../diagnostics/bind.ts'
import { subqueryNeedsEquality } from '../../diagnostics/bind-joins.ts'
import {
  type BoundRelation,
  columnsOf,
  type Expr,
  shiftColumns,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { report } from '../context.ts'
import { bindAll, bindConditions } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { startScope } from './bind-aggregate.ts'
import { bindItems, bindRelation } from './bind-select.ts'
import { type CorrelatedGroups, joinGroups } from './join-groups.ts'
import { splitKeys } from './lookup-keys.ts'
import { type Names, namesOf, nestedNames } from './names-in-scope.ts'
import type { RowSoFar } from './row-so-far.ts'
import { groupedSelect, refusesElements } from './subquery-shape.ts'
import { partsOfExpression } from './walk-expression.ts'

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
  if (refusesElements(select, cx)) return null
  const input = bindRelation(select.from[0]!, row.tables, cx.bind)
  if (input === null) return null
  if (!readsRowAround(select, namesOf(input.parts, cx.bind), cx.names!)) return undefined
  const width = row.relation.schema.columns.length
  const parts = input.parts.map(part => ({ ...part, start: part.start + width }))
  const inside: ExprContext = { bind: cx.bind, names: nestedNames(parts, cx.names!, cx.bind) }
  const groups = bindParts(select, query.span, { relation: input.relation, width }, inside)
  return groups === null ? null : (joinGroups(groups, row, cx.bind)?.[0] ?? null)
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
    const hint = 'Join with the table, and group by what tells the rows apart.'
    report(inside.bind, notSupportedYet(what, ofBoth.span, hint))
  } else {
    return {
      ...{
        from: relation,
        scope,
        items: items.map(({ expr }) => expr),
        having: having[0] ?? null,
        width,
        span
      },
      groupBy: groupBy.map(key => shiftColumns(key, -width)),
      keys,
      where: rest.map(one => shiftColumns(one, -width))
    }
  }
  return null
}
