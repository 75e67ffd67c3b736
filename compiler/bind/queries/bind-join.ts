import type { JoinRelation, UnnestRelation } from '../../ast/index.ts'
import { joinKeyCanFail, joinNeedsEquality, joinNeedsTable } from '../../diagnostics/bind-joins.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { exprCanFail } from '../../functions/index.ts'
import {
  type BoundRelation,
  type Expr,
  lookupSchema,
  makeAnd,
  makeColumn,
  splitConjuncts
} from '../../ir/index.ts'
import type { RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { storedKey } from '../stored-key.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import type { CommonTables } from './bind-query.ts'
import { bindRelation, type Input } from './bind-select.ts'
import { bindUnnest, isTrue } from './bind-unnest.ts'
import { type BoundKey, splitKeys } from './lookup-keys.ts'
import { type NamedRelation, type Names, namesOf } from './names-in-scope.ts'
import { behind, overTable, type TableView, tableViewOf } from './table-view.ts'
import { whereFound } from './where-found.ts'

/** Events on one side, a table on the other: each event is looked up in the table as it is at that moment. */
export function bindJoin(
  relation: JoinRelation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const { right: array } = relation
  if (array.kind === 'UnnestRelation')
    return bindJoinedArray({ ...relation, right: array }, tables, cx)
  const what = unsupportedJoin(relation)
  if (what !== null) {
    report(cx, notSupportedYet(what, relation.right.span))
    return null
  }
  const left = bindRelation(relation.left, tables, cx)
  const right = bindRelation(relation.right, tables, cx)
  if (left === null || right === null) return null
  const sides = chooseSides(left, right, relation, cx)
  return sides === null ? null : bindLookup(relation, sides, cx)
}

function unsupportedJoin({ join, asof, on, using }: JoinRelation): string | null {
  if (asof) return 'ASOF JOIN'
  if (join === 'FULL') return 'FULL JOIN'
  if (join === 'CROSS' || (on === null && using.length === 0)) return 'CROSS JOIN'
  return null
}

/** `CROSS JOIN UNNEST(array)`, `LEFT JOIN UNNEST(array) ON TRUE`. */
function bindJoinedArray(
  { join, asof, on, using, left, right, span }: JoinRelation & { readonly right: UnnestRelation },
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const isCross = join === 'CROSS' || join === 'INNER'
  if (asof || !(isCross || join === 'LEFT') || using.length > 0 || !isTrue(on)) {
    const hint = 'Write LEFT JOIN UNNEST(...) ON TRUE, and conditions in WHERE.'
    report(cx, notSupportedYet('this join with UNNEST', span, hint))
    return null
  }
  const input = bindRelation(left, tables, cx)
  return input === null ? null : bindUnnest(input, right, isCross ? 'INNER' : 'LEFT', cx)
}

type Lookup = Extract<BoundRelation, { kind: 'Lookup' }>

interface Sides {
  readonly stream: Input
  readonly table: Input
  /** What the table's rows are made of. */
  readonly view: TableView
  /** The table stands on the left: `*` lists its columns first. */
  readonly swapped: boolean
}

function chooseSides(
  left: Input,
  right: Input,
  { join, right: rightNode }: JoinRelation,
  cx: BindContext
): Sides | null {
  const [ofLeft, ofRight] = [tableViewOf(left.relation), tableViewOf(right.relation)]
  if (join !== 'INNER') {
    const view = join === 'LEFT' ? ofRight : ofLeft
    if (view !== null) {
      return join === 'LEFT'
        ? { stream: left, table: right, view, swapped: false }
        : { stream: right, table: left, view, swapped: true }
    }
    const other = join === 'LEFT' ? ofLeft : ofRight
    if (other === null) report(cx, joinNeedsTable(rightNode.span))
    else {
      const what =
        join === 'LEFT' ? 'LEFT JOIN of a table with events' : 'RIGHT JOIN of events with a table'
      report(cx, notSupportedYet(what, rightNode.span))
    }
    return null
  }
  if (ofRight !== null && !(ofLeft !== null && isTableRather(left, ofLeft, right, ofRight, cx))) {
    return { stream: left, table: right, view: ofRight, swapped: false }
  }
  if (ofLeft !== null) return { stream: right, table: left, view: ofLeft, swapped: true }
  report(cx, joinNeedsTable(rightNode.span))
  return null
}

/** Of two tables one may be a stream of rows that are only inserted: the right one is the table, if neither is more of one. */
function isTableRather(
  left: Input,
  ofLeft: TableView,
  right: Input,
  ofRight: TableView,
  cx: BindContext
): boolean {
  if (right.relation.kind === 'TableScan') return false
  const [leftKey, rightKey] = [ofLeft, ofRight].map(({ scan }) => storedKey(scan.table, cx))
  return left.relation.kind === 'TableScan' && (leftKey !== null || rightKey === null)
}

function bindLookup(
  node: JoinRelation,
  { stream, table, view, swapped }: Sides,
  cx: BindContext
): Input | null {
  const width = stream.relation.schema.columns.length
  const using = bindUsing(node, namesOf(stream.parts, cx), namesOf(table.parts, cx), width, cx)
  const shifted: NamedRelation[] = table.parts.map(one => ({
    ...one,
    start: one.start + width,
    hidden: using.map(({ index }) => index)
  }))
  const parts = swapped ? [...shifted, ...stream.parts] : [...stream.parts, ...shifted]
  const names = namesOf(parts, cx)
  const written = [
    ...using.flatMap(({ equal }) => equal ?? []),
    ...(node.on === null ? [] : (bindConditions([node.on], 'ON', { bind: cx, names }) ?? []))
  ]
  if (written.length === 0) return null
  const conditions = [
    ...written.flatMap(splitConjuncts).map(condition => overTable(condition, view, width)),
    ...view.where.map(condition => behind(condition, width))
  ]
  const { keys, rest } = splitKeys(conditions, width)
  if (keys.length === 0) {
    report(cx, joinNeedsEquality(node.on?.span ?? node.span))
    return null
  }
  for (const { right } of keys) {
    if (exprCanFail(right)) report(cx, joinKeyCanFail(right.span))
  }
  const { scan } = view
  cx.lookedUp.add(scan.table)
  const join = node.join === 'INNER' ? 'INNER' : 'LEFT'
  const lookup: BoundRelation = {
    kind: 'Lookup',
    join,
    left: stream.relation,
    table: scan.table,
    keys,
    condition: rest.length === 0 ? null : makeAnd(rest, rest[0]!.span),
    schema: lookupSchema(stream.relation.schema, scan.schema, join),
    span: node.span
  }
  const relation =
    table.relation.kind === 'TableScan' ? lookup : asView(lookup, keys, table, view, width)
  if (relation === null) {
    const what = 'LEFT JOIN of a view that computes its columns'
    report(cx, notSupportedYet(what, node.right.span))
    return null
  }
  return { relation, parts: join === 'LEFT' ? withNulls(parts, width) : parts }
}

/** The lookup's rows with the view's columns in the place of the table's. Null where it can't be told which were not found. */
function asView(
  lookup: Lookup,
  keys: readonly BoundKey[],
  table: Input,
  view: TableView,
  width: number
): BoundRelation | null {
  const { span, schema } = lookup
  const items: { readonly name: string; readonly expr: Expr }[] = schema.columns
    .slice(0, width)
    .map((column, i) => ({ name: column.name, expr: makeColumn(i, column, span) }))
  for (const [i, column] of view.columns.entries()) {
    const expr = overFound(column, lookup, keys, width)
    if (expr === null) return null
    items.push({ name: table.relation.schema.columns[i]!.name, expr })
  }
  const columns = items.map(({ name, expr }) => ({
    name,
    type: expr.type,
    nullable: expr.nullable
  }))
  const query = {
    kind: 'Select',
    from: lookup,
    where: null,
    grouping: null,
    emission: null,
    items,
    schema: { columns },
    span
  } as const
  return { kind: 'Derived', name: '', query, schema: { columns }, span }
}

/** A view's column over the lookup's row; NULL where LEFT found none. */
function overFound(
  column: Expr,
  { join, schema, span }: Lookup,
  keys: readonly BoundKey[],
  width: number
): Expr | null {
  if (join === 'INNER') return behind(column, width)
  return whereFound(behind(column, width), keys, width, schema, span)
}

/** Columns of a row that may not be there. */
export function withNulls(parts: readonly NamedRelation[], width: number): NamedRelation[] {
  return parts.map(one =>
    one.start < width ? one : { ...one, schema: { columns: one.schema.columns.map(orNull) } }
  )
}

function orNull(column: RowType['columns'][number]): RowType['columns'][number] {
  return { ...column, nullable: true }
}

interface UsingColumn {
  /** In the table. */
  readonly index: number
  /** Null after a diagnostic. */
  readonly equal: Expr | null
}

/** The columns of USING: `table` names the right side's row, which begins at `width`. */
export function bindUsing(
  { using, span }: JoinRelation,
  stream: Names,
  table: Names,
  width: number,
  cx: BindContext
): UsingColumn[] {
  return using.flatMap(column => {
    const name = { kind: 'QualifiedName', parts: [column], span: column.span } as const
    const left = stream.resolve(name)
    const right = table.resolve(name)
    if (left === null || right?.kind !== 'Column') return []
    const shifted = makeColumn(right.index + width, right, right.span)
    return [{ index: right.index, equal: bindComparison('equal', left, shifted, span, cx) }]
  })
}
