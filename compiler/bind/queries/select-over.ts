import {
  type BoundRelation,
  type BoundSelect,
  type Expr,
  exprsOfOver,
  makeColumn,
  makeInterner,
  mapOver,
  type OverCall,
  replaceColumns,
  replaceSubtrees
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { OVER_START } from './bind-over.ts'

type Rows = Pick<BoundSelect, 'from' | 'where' | 'grouping'>
type Items = BoundSelect['items']

/** A SELECT over rows or their groups; its window functions are columns behind those, in a relation of their own. */
export function selectOver(
  rows: Rows,
  calls: readonly OverCall[],
  items: Items,
  span: Span
): BoundSelect {
  if (calls.length === 0) return selectOf(rows, items, span)
  const { relation: input, columnOf } = inputOfOver(rows, calls, span)
  const width = input.schema.columns.length
  const columns = calls.map(({ call: { name, type, nullable } }) => ({ name, type, nullable }))
  const schema = { columns: [...input.schema.columns, ...columns] }
  const over = calls.map(call => mapOver(call, columnOf))
  const from: BoundRelation = { kind: 'Over', input, calls: over, schema, span }
  const put = (expr: Expr): Expr =>
    replaceColumns(columnOf(expr), (index, column) => {
      const place = index - OVER_START
      if (place < 0) return column
      return makeColumn(width + place, schema.columns[width + place]!, column.span)
    })
  const computed = items.map(({ name, expr }) => ({ name, expr: put(expr) }))
  return selectOf({ from, where: null, grouping: null }, computed, span)
}

function selectOf(rows: Rows, items: Items, span: Span): BoundSelect {
  const columns = items.map(({ name, expr }) => {
    const { type, nullable } = expr
    return { name, type, nullable }
  })
  return { kind: 'Select', ...rows, items, emission: null, schema: { columns }, span }
}

interface OverInput {
  readonly relation: BoundRelation
  /** An expression over the rows as one over the relation. */
  columnOf(expr: Expr): Expr
}

/**
 * The rows that window functions are over: those that WHERE leaves, or their groups. What the functions read are columns of
 * them, so that it is computed once, and is known where the select list has it too.
 */
function inputOfOver(rows: Rows, calls: readonly OverCall[], span: Span): OverInput {
  const intern = makeInterner()
  const own = ownColumns(rows, span)
  const computed = new Map<number, number>()
  const all = [...own]
  for (const expr of calls.flatMap(exprsOfOver)) {
    if (expr.kind === 'Column' || expr.kind === 'Literal' || computed.has(intern(expr))) continue
    computed.set(intern(expr), all.push({ name: `over ${computed.size + 1}`, expr }) - 1)
  }
  const columnOf = (root: Expr): Expr =>
    replaceSubtrees(root, expr => {
      const at = computed.get(intern(expr))
      if (at === undefined) return null
      const { type, nullable } = expr
      return makeColumn(at, { name: all[at]!.name, type, nullable }, expr.span)
    })
  const { from, where, grouping } = rows
  if (grouping !== null || computed.size > 0) {
    const query = selectOf(rows, all, span)
    return { relation: { kind: 'Derived', name: '', query, schema: query.schema, span }, columnOf }
  }
  if (where === null) return { relation: from, columnOf }
  const { schema } = from
  return { relation: { kind: 'Filtered', input: from, where, schema, span: where.span }, columnOf }
}

/** The columns that there are in front of window functions: those of FROM or, of groups, keys and aggregates. */
function ownColumns({ from, grouping }: Rows, span: Span): Items {
  if (grouping === null) {
    return from.schema.columns.map((column, i) => {
      return { name: column.name, expr: makeColumn(i, column, span) }
    })
  }
  const keys = grouping.keys.map(key => ({
    name: key.kind === 'Column' ? key.name : 'key',
    of: key
  }))
  const aggregates = grouping.aggregates.map(call => ({ name: call.name, of: call }))
  return [...keys, ...aggregates].map(({ name, of: { type, nullable } }, i) => {
    // A key is NULL in the grouping sets that it is not in.
    const isNullable = nullable || (grouping.sets !== null && i < grouping.keys.length)
    return { name, expr: makeColumn(i, { name, type, nullable: isNullable }, span) }
  })
}
