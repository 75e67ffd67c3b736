import type { JoinRelation } from '../../ast/index.ts'
import { joinKeyCanFail } from '../../diagnostics/bind-joins.ts'
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
import { type BindContext, report } from '../context.ts'
import { storedKey } from '../stored-key.ts'
import type { Input } from './input.ts'
import {
  bindCondition,
  type BoundCondition,
  type JoinCondition,
  type JoinSides,
  withNulls
} from './join-sides.ts'
import { makeEveryRow, splitKeys } from './lookup-keys.ts'
import type { NamedRelation } from './named-relation.ts'
import { behind, overTable, type TableView, tableViewOf } from './table-view.ts'
import { whereFound } from './where-found.ts'

/** A stream's rows with those of a table behind them. */
type Found = Extract<BoundRelation, { kind: 'Lookup' | 'AsOf' }>

/** A stream, and a table in which its rows are looked up. */
export interface LookupSides extends JoinSides {
  /** What the table's rows are made of; the table is the inner side. */
  readonly view: TableView
}

/** Null: neither side is a table whose rows can be looked up, or a join of this kind needs what no lookup gives. */
export function chooseTable(
  left: Input,
  right: Input,
  join: JoinRelation['join'],
  cx: BindContext
): LookupSides | null {
  const [ofLeft, ofRight] = [tableViewOf(left.relation), tableViewOf(right.relation)]
  const byRight = ofRight && { outer: left, inner: right, view: ofRight, swapped: false }
  const byLeft = ofLeft && { outer: right, inner: left, view: ofLeft, swapped: true }
  if (join === 'FULL') return null
  if (join === 'LEFT') return byRight
  if (join === 'RIGHT') return byLeft
  const isLeft =
    ofRight !== null && ofLeft !== null && isTableRather(left, ofLeft, right, ofRight, cx)
  return isLeft ? byLeft : (byRight ?? byLeft)
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

export function bindLookup(node: JoinCondition, sides: LookupSides, cx: BindContext): Input | null {
  const { outer: stream, view } = sides
  const width = stream.relation.schema.columns.length
  const bound = bindOverTable(node, sides, cx)
  if (bound === null) return null
  const { keys: equal, rest } = splitKeys(bound.conditions, width)
  const keys = equal.length === 0 ? [makeEveryRow(node.span)] : equal
  for (const { right } of keys) {
    if (exprCanFail(right)) report(cx, joinKeyCanFail(right.span))
  }
  const { scan } = view
  cx.lookedUp.add(scan.table)
  const join = node.join === 'INNER' || node.join === 'CROSS' ? 'INNER' : 'LEFT'
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
  return nameFound(node, lookup, bound.parts, sides, cx)
}

/** The conditions of a join with a table, and those of the view of it, over a stream's row and the table's behind it. */
export function bindOverTable(
  node: JoinCondition,
  sides: LookupSides,
  cx: BindContext
): BoundCondition | null {
  const { view, outer } = sides
  const width = outer.relation.schema.columns.length
  const bound = bindCondition(node, sides, cx)
  if (bound === null) return null
  const { conditions, using, parts } = bound
  return {
    conditions: [
      ...conditions.flatMap(splitConjuncts).map(one => overTable(one, view, width)),
      ...view.where.map(condition => behind(condition, width))
    ],
    using,
    parts
  }
}

/** What was found in a table, under the names of the join's sides; null after a diagnostic. */
export function nameFound(
  node: JoinCondition,
  found: Found,
  parts: readonly NamedRelation[],
  { inner: table, outer: stream, view }: LookupSides,
  cx: BindContext
): Input | null {
  const width = stream.relation.schema.columns.length
  const relation = table.relation.kind === 'TableScan' ? found : asView(found, table, view, width)
  if (relation === null) {
    const what = 'LEFT JOIN of a view that computes its columns'
    report(cx, notSupportedYet(what, node.right.span))
    return null
  }
  return { relation, parts: found.join === 'LEFT' ? withNulls(parts, width) : parts }
}

/** The lookup's rows with the view's columns in the place of the table's. Null where it can't be told which were not found. */
function asView(lookup: Found, table: Input, view: TableView, width: number): BoundRelation | null {
  const { span, schema } = lookup
  const items: { readonly name: string; readonly expr: Expr }[] = schema.columns
    .slice(0, width)
    .map((column, i) => ({ name: column.name, expr: makeColumn(i, column, span) }))
  for (const [i, column] of view.columns.entries()) {
    const expr = overFound(column, lookup, width)
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
function overFound(column: Expr, { join, keys, schema, span }: Found, width: number): Expr | null {
  if (join === 'INNER') return behind(column, width)
  return whereFound(behind(column, width), keys, width, schema, span)
}
