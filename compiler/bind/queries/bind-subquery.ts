import type { Expression, Query, Select } from '../../ast/index.ts'
import { columnCount, notSupportedYet } from '../../diagnostics/bind.ts'
import {
  joinKeyCanFail,
  notInMayBeNull,
  subqueryNeedsEquality,
  subqueryNeedsTable,
  subqueryUnderCondition
} from '../../diagnostics/bind-joins.ts'
import { exprCanFail } from '../../functions/index.ts'
import {
  childrenOf,
  type Expr,
  type LookupJoin,
  lookupSchema,
  makeAnd,
  someExpr,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindAll, bindConditions, type ExprContext } from '../expressions/bind-expr.ts'
import { storedKey } from '../stored-key.ts'
import { bindItems, bindRelation } from './bind-select.ts'
import { type BoundKey, splitKeys } from './lookup-keys.ts'
import { nestedNames } from './names-in-scope.ts'
import { addLookup, filteredRow, type RowSoFar } from './row-so-far.ts'
import { behind, overTable, type TableScan, tableViewOf } from './table-view.ts'
import { columnOf, whereFound } from './where-found.ts'

/** A query over one table inside of an expression. */
interface Inner {
  readonly table: TableScan
  /** What its select list gives, and its WHERE asks, over the outer row and the table's behind it. */
  readonly items: readonly Expr[]
  readonly conditions: readonly Expr[]
  readonly width: number
  readonly span: Span
}

/** The query of an expression; null after a diagnostic. */
function bindInner(query: Query, row: RowSoFar, cx: ExprContext): Inner | null {
  const select = selectOf(query, cx.bind)
  const from = select?.from[0]
  if (select === null || from === undefined) return null
  const input = bindRelation(from, row.tables, cx.bind)
  if (input === null) return null
  const view = tableViewOf(input.relation)
  if (view === null) {
    report(cx.bind, subqueryNeedsTable(from.span))
    return null
  }
  const width = row.relation.schema.columns.length
  const parts = input.parts.map(part => ({ ...part, start: part.start + width }))
  const names = nestedNames(parts, cx.names!, cx.bind)
  const inside: ExprContext = { bind: cx.bind, names }
  const items = bindItems(select.items, names, inside)
  const where = select.where === null ? [] : bindConditions([select.where], 'WHERE', inside)
  if (items === null || where === null) return null
  return {
    table: view.scan,
    items: items.map(({ expr }) => overTable(expr, view, width)),
    conditions: [
      ...where.flatMap(splitConjuncts).map(condition => overTable(condition, view, width)),
      ...view.where.map(condition => behind(condition, width))
    ],
    width,
    span: query.span
  }
}

/** A plain SELECT from one relation; null, with a diagnostic, for any other query. */
function selectOf(query: Query, cx: BindContext): Select | null {
  const { body, with: tables, orderBy, limit, offset, emit } = query
  const tail: readonly (readonly [string, { readonly span: Span } | null | undefined])[] = [
    ['WITH', tables[0]],
    ['ORDER BY', orderBy[0]],
    ['LIMIT', limit],
    ['OFFSET', offset],
    ['EMIT', emit]
  ]
  const inside = 'in a query inside of an expression'
  const refuse = (what: string, span: Span): null => {
    report(cx, notSupportedYet(`${what} ${inside}`, span))
    return null
  }
  for (const [what, node] of tail) if (node) return refuse(what, node.span)
  if (body.kind === 'NestedQuery') return selectOf(body.query, cx)
  if (body.kind !== 'Select')
    return refuse(body.kind === 'Values' ? 'VALUES' : body.operator, body.span)
  const { groupBy, having, from, distinct } = body
  if (distinct) return refuse('DISTINCT', body.span)
  if (groupBy.length > 0) return refuse('GROUP BY', groupBy[0]!.span)
  if (having !== null) return refuse('HAVING', having.span)
  if (from.length === 0) return refuse('SELECT without FROM', body.span)
  if (from.length > 1) return refuse('a list of relations in FROM', from[1]!.span)
  return body
}

/** Looks the row's key up in the inner query's table; null after a diagnostic. */
function look(
  join: LookupJoin,
  { table, conditions, width, span }: Inner,
  row: RowSoFar,
  cx: BindContext
): readonly BoundKey[] | null {
  const model = conditions.find(condition => someExpr(condition, part => part.kind === 'Predict'))
  if (model !== undefined) {
    report(cx, notSupportedYet('predict in a query inside of an expression', model.span))
    return null
  }
  const { keys, rest } = splitKeys(conditions, width)
  if (keys.length === 0) {
    report(cx, subqueryNeedsEquality(span))
    return null
  }
  for (const { right } of keys) if (exprCanFail(right)) report(cx, joinKeyCanFail(right.span))
  cx.lookedUp.add(table.table)
  const left = filteredRow(row)
  addLookup(row, {
    kind: 'Lookup',
    join,
    left,
    table: table.table,
    keys,
    condition: rest.length === 0 ? null : makeAnd(rest, rest[0]!.span),
    schema: lookupSchema(left.schema, table.schema, join),
    span
  })
  return keys
}

/** `EXISTS (query)` as a condition of WHERE; false after a diagnostic. */
export function bindExists(
  query: Query,
  negated: boolean,
  row: RowSoFar,
  cx: ExprContext
): boolean {
  const inner = bindInner(query, row, cx)
  return inner !== null && look(negated ? 'ANTI' : 'SEMI', inner, row, cx.bind) !== null
}

/** `operand IN (query)` as a condition of WHERE; false after a diagnostic. */
export function bindInQuery(
  operand: Expression,
  query: Query,
  negated: boolean,
  row: RowSoFar,
  cx: ExprContext
): boolean {
  // A row that is written out is compared part by part.
  const values = bindAll(operand.kind === 'RowConstructor' ? operand.items : [operand], cx)
  const inner = bindInner(query, row, cx)
  if (values === null || inner === null) return false
  if (values.length !== inner.items.length) {
    const [wanted, found] = [values.length, inner.items.length]
    report(
      cx.bind,
      columnCount('the left side of IN', wanted, 'the query gives', found, query.span)
    )
    return false
  }
  const equal = values.map((left, i) =>
    bindComparison('equal', left, inner.items[i]!, operand.span, cx.bind)
  )
  if (!equal.every(test => test !== null)) return false
  if (negated && mayBeNull(values, inner, cx.bind)) {
    report(cx.bind, notInMayBeNull(query.span))
    return false
  }
  const conditions = [...equal, ...inner.conditions]
  return look(negated ? 'ANTI' : 'SEMI', { ...inner, conditions }, row, cx.bind) !== null
}

/** NOT IN is neither true nor false beside a NULL, on whichever side: only without one it is an anti-join. */
function mayBeNull(values: readonly Expr[], inner: Inner, cx: BindContext): boolean {
  const key = storedKey(inner.table.table, cx) ?? []
  const isKey = (expr: Expr): boolean =>
    expr.kind === 'Column' && key.includes(expr.index - inner.width)
  return (
    values.some(value => value.nullable) || inner.items.some(item => item.nullable && !isKey(item))
  )
}

/** A query as a value: NULL where it finds no row, and an error where it finds several. Null after a diagnostic. */
export function bindScalarQuery(query: Query, row: RowSoFar, cx: ExprContext): Expr | null {
  const inner = bindInner(query, row, cx)
  if (inner === null) return null
  const [item, second] = inner.items
  if (second !== undefined) {
    const found = inner.items.length
    report(cx.bind, columnCount('a query as a value', 1, 'this one gives', found, query.span))
    return null
  }
  const keys = look('SINGLE', inner, row, cx.bind)
  if (keys === null) return null
  const value = valueOrNull(item!, keys, inner, row, cx.bind)
  const canFail = inner.conditions.some(exprCanFail) || !isUnique(keys, inner, cx.bind)
  if (value !== null && canFail) row.fallible.push(value)
  return value
}

/** The item where a row was found, NULL where none was; null after a diagnostic. */
function valueOrNull(
  item: Expr,
  keys: readonly BoundKey[],
  { width, span }: Inner,
  row: RowSoFar,
  cx: BindContext
): Expr | null {
  const value = whereFound(item, keys, width, row.relation.schema, span)
  if (value === null) {
    report(cx, notSupportedYet('a query as a value that computes what it gives', span))
  }
  return value
}

/** Whether the keys name every column of the PRIMARY KEY: then one row is found at most. */
function isUnique(keys: readonly BoundKey[], { table }: Inner, cx: BindContext): boolean {
  const columns = keys.map(({ right }) => columnOf(right))
  const primary = storedKey(table.table, cx)
  return primary !== null && primary.every(index => columns.includes(index))
}

/** Refuses a query that may fail where a CASE, AND, OR or COALESCE around it may not ask for it. */
export function checkFallible(root: Expr, row: RowSoFar, cx: BindContext): void {
  const visit = (expr: Expr, conditional: boolean): void => {
    if (row.fallible.includes(expr)) {
      if (conditional) report(cx, subqueryUnderCondition(expr.span))
      return
    }
    const inside = conditional || lazy.has(expr.kind)
    for (const child of childrenOf(expr)) visit(child, inside)
  }
  if (row.fallible.length > 0) visit(root, false)
}

const lazy: ReadonlySet<Expr['kind']> = new Set(['Case', 'Coalesce', 'And', 'Or'] as const)
