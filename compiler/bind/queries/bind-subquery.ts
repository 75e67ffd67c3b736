import type { Expression, Query, Select } from '../../ast/index.ts'
import { columnCount, notSupportedYet } from '../../diagnostics/bind.ts'
import {
  inMayBeNull,
  joinKeyCanFail,
  notInMayBeNull,
  subqueryNeedsEquality,
  subqueryNeedsTable,
  subqueryUnderCondition
} from '../../diagnostics/bind-joins.ts'
import { exprCanFail } from '../../functions/index.ts'
import {
  type BoundRelation,
  callsModel,
  childrenOf,
  type Expr,
  joinSchema,
  keyColumn,
  type LookupJoin,
  lookupSchema,
  makeAnd,
  makeColumn,
  makeLiteral,
  makeNot,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BOOLEAN } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { bindAll, bindConditions } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { storedKey } from '../stored-key.ts'
import { bindCorrelatedGroups } from './bind-correlated-groups.ts'
import { bindQuery } from './bind-query.ts'
import { bindItems, bindRelation } from './bind-select.ts'
import { bindHasRows, orUnknown } from './count-rows.ts'
import { type BoundKey, makeEveryRow, splitKeys } from './lookup-keys.ts'
import { nestedNames } from './names-in-scope.ts'
import { addRelation, filteredRow, type RowSoFar } from './row-so-far.ts'
import { hasQuery, outerName, plainSelect, refusesElements } from './subquery-shape.ts'
import { behind, overTable, type TableScan, tableViewOf } from './table-view.ts'
import { isFound, whereFound } from './where-found.ts'

/** A query inside of an expression. */
export interface Inner {
  /** The table that it reads, in which rows are looked up; null: it is kept beside them. */
  readonly table: TableScan | null
  /** What it gives, where it is kept. */
  readonly relation: BoundRelation
  /** What its select list gives, and its WHERE asks, over the outer row and the relation's behind it. */
  readonly items: readonly Expr[]
  readonly conditions: readonly Expr[]
  readonly width: number
  readonly span: Span
}

/** The query of an expression; null after a diagnostic. */
export function bindInner(query: Query, row: RowSoFar, cx: ExprContext): Inner | null {
  const select = plainSelect(query)
  if (select === null) return bindApart(query, row, cx)
  if (refusesElements(select, cx)) return null
  // A query inside of it is a part of what is kept beside the row: it is bound where it is a query of its own.
  const isAlone = hasQuery(select) && outerName(query, cx.names!) === null
  return isAlone ? bindApart(query, row, cx) : bindPlain(select, query.span, row, cx)
}

/** A SELECT of one relation, which may name columns of the row around it. */
function bindPlain(select: Select, span: Span, row: RowSoFar, cx: ExprContext): Inner | null {
  const input = bindRelation(select.from[0]!, row.tables, cx.bind)
  if (input === null) return null
  const width = row.relation.schema.columns.length
  const parts = input.parts.map(part => ({ ...part, start: part.start + width }))
  const names = nestedNames(parts, cx.names!, cx.bind)
  const inside: ExprContext = { bind: cx.bind, names }
  const items = bindItems(select.items, names, inside)?.map(({ expr }) => expr)
  const where = select.where === null ? [] : bindConditions([select.where], 'WHERE', inside)
  if (items === undefined || where === null) return null
  const conditions = where.flatMap(splitConjuncts)
  const { relation } = input
  const view = tableViewOf(relation)
  if (view === null) return { table: null, relation, items, conditions, width, span }
  return {
    table: view.scan,
    relation,
    items: items.map(expr => overTable(expr, view, width)),
    conditions: [
      ...conditions.map(condition => overTable(condition, view, width)),
      ...view.where.map(condition => behind(condition, width))
    ],
    width,
    span
  }
}

/** Any other query, which knows nothing of the row around it. */
function bindApart(query: Query, row: RowSoFar, cx: ExprContext): Inner | null {
  const outer = outerName(query, cx.names!)
  if (outer !== null) {
    const what = 'a query with groups, UNION or LIMIT that reads the row around it'
    const hint = 'Join with a query that groups by the column which it is compared with.'
    report(cx.bind, notSupportedYet(what, outer.span, hint))
    return null
  }
  const bound = bindQuery(query, row.tables, cx.bind)
  if (bound === null) return null
  const width = row.relation.schema.columns.length
  const { schema, span } = bound
  const relation: BoundRelation = { kind: 'Derived', name: '', query: bound, schema, span }
  const items = schema.columns.map((column, i) => makeColumn(i + width, column, query.span))
  return { table: null, relation, items, conditions: [], width, span: query.span }
}

/** Looks the row's key up in the inner query's table, or keeps both; null after a diagnostic. */
function look(
  join: LookupJoin,
  { table, relation, conditions, width, span }: Inner,
  row: RowSoFar,
  cx: BindContext
): readonly BoundKey[] | null {
  if (refusesModel(conditions, cx)) return null
  const { keys: equal, rest } = splitKeys(conditions, width)
  // Whether there is a row may depend on anything; which one it is, only on an equality.
  if (equal.length === 0 && join === 'SINGLE') {
    report(cx, subqueryNeedsEquality(span))
    return null
  }
  const keys = equal.length === 0 ? [makeEveryRow(span)] : equal
  const left = filteredRow(row)
  const condition = rest.length === 0 ? null : makeAnd(rest, rest[0]!.span)
  if (table === null) {
    if (join === 'SINGLE') {
      report(cx, subqueryNeedsTable(relation.span))
      return null
    }
    const schema = joinSchema(left.schema, relation.schema, join)
    addRelation(row, { kind: 'Join', join, left, right: relation, keys, condition, schema, span })
    return keys
  }
  for (const { right } of keys) if (exprCanFail(right)) report(cx, joinKeyCanFail(right.span))
  cx.lookedUp.add(table.table)
  const schema = lookupSchema(left.schema, table.schema, join)
  addRelation(row, {
    kind: 'Lookup',
    join,
    left,
    table: table.table,
    keys,
    condition,
    schema,
    span
  })
  return keys
}

/** Whether a model is asked, with a diagnostic. */
export function refusesModel(conditions: readonly Expr[], cx: BindContext): boolean {
  const model = conditions.find(callsModel)
  if (model === undefined) return false
  report(cx, notSupportedYet('predict in a query inside of an expression', model.span))
  return true
}

/** `EXISTS (query)` as a condition of WHERE; false after a diagnostic. */
export function bindExists(
  query: Query,
  negated: boolean,
  row: RowSoFar,
  cx: ExprContext
): boolean {
  const inner = bindInner(withoutOrder(query), row, cx)
  return inner !== null && look(negated ? 'ANTI' : 'SEMI', inner, row, cx.bind) !== null
}

/** Which rows come first makes no difference to whether there is one. */
function withoutOrder(query: Query): Query {
  const { limit, offset } = query
  const isSome = limit === null || (limit.kind === 'NumberLiteral' && Number(limit.text) >= 1)
  return isSome && offset === null ? { ...query, orderBy: [], limit: null } : query
}

/** `operand IN (query)` as a condition of WHERE; false after a diagnostic. */
export function bindInQuery(
  operand: Expression,
  query: Query,
  negated: boolean,
  row: RowSoFar,
  cx: ExprContext
): boolean {
  const equal = bindEqual(operand, query, row, cx)
  if (equal === null) return false
  if (negated && mayBeNull(equal.values, equal.inner, cx.bind)) {
    if (equal.values.length > 1) {
      report(cx.bind, notInMayBeNull(query.span))
      return false
    }
    const found = bindIn(equal, row, cx.bind)
    if (found !== null) row.pending.push(makeNot(found, query.span))
    return found !== null
  }
  return look(negated ? 'ANTI' : 'SEMI', equal.inner, row, cx.bind) !== null
}

interface Equal {
  readonly values: readonly Expr[]
  /** The equalities are its first conditions. */
  readonly inner: Inner
}

/** The query of IN, with its equality among the conditions; null after a diagnostic. */
function bindEqual(
  operand: Expression,
  query: Query,
  row: RowSoFar,
  cx: ExprContext
): Equal | null {
  // A row that is written out is compared part by part.
  const values = bindAll(operand.kind === 'RowConstructor' ? operand.items : [operand], cx)
  const inner = bindInner(query, row, cx)
  if (values === null || inner === null) return null
  if (values.length !== inner.items.length) {
    const [wanted, found] = [values.length, inner.items.length]
    report(
      cx.bind,
      columnCount('the left side of IN', wanted, 'the query gives', found, query.span)
    )
    return null
  }
  const equal = values.map((left, i) =>
    bindComparison('equal', left, inner.items[i]!, operand.span, cx.bind)
  )
  if (!equal.every(test => test !== null)) return null
  return { values, inner: { ...inner, conditions: [...equal, ...inner.conditions] } }
}

/** `EXISTS (query)` anywhere in an expression; null after a diagnostic. */
export function bindExistsValue(query: Query, row: RowSoFar, cx: ExprContext): Expr | null {
  const inner = bindInner(withoutOrder(query), row, cx)
  return inner === null ? null : bindFound(inner, row, cx.bind)
}

/** `operand IN (query)` anywhere in an expression; null after a diagnostic. */
export function bindInValue(
  { operand, query, negated, span }: Expression & { readonly kind: 'InQuery' },
  row: RowSoFar,
  cx: ExprContext
): Expr | null {
  const equal = bindEqual(operand, query, row, cx)
  if (equal === null) return null
  if (equal.values.length > 1 && mayBeNull(equal.values, equal.inner, cx.bind)) {
    report(cx.bind, inMayBeNull(query.span))
    return null
  }
  const found = bindIn(equal, row, cx.bind)
  return found === null || !negated ? found : makeNot(found, span)
}

/** Null after a diagnostic. */
function bindIn({ values, inner }: Equal, row: RowSoFar, cx: BindContext): Expr | null {
  const isUnknown = mayBeNull(values, inner, cx)
  const found = bindFound(inner, row, cx)
  if (found === null || !isUnknown) return found
  const conditions = inner.conditions.slice(values.length)
  const rows = { ...inner, from: inner.table ?? inner.relation, conditions }
  return orUnknown(found, values[0]!, inner.items[0]!, rows, row, cx)
}

/** Whether a row is found: looked up where there is one at most, else counted. Null after a diagnostic. */
function bindFound(inner: Inner, row: RowSoFar, cx: BindContext): Expr | null {
  const { conditions, width, span } = inner
  const { keys } = splitKeys(conditions, width)
  if (!isUnique(keys, inner, cx)) {
    if (refusesModel(conditions, cx)) return null
    return bindHasRows({ ...inner, from: inner.table ?? inner.relation }, row, cx)
  }
  const start = row.relation.schema.columns.length
  if (look('SINGLE', inner, row, cx) === null) return null
  const found = isFound(keys, start, row.relation.schema, span)!
  if (conditions.some(exprCanFail)) row.fallible.push(found)
  return found
}

/** NOT IN is neither true nor false beside a NULL, on whichever side: only without one it is an anti-join. */
export function mayBeNull(values: readonly Expr[], inner: Inner, cx: BindContext): boolean {
  const declared = inner.table === null ? null : storedKey(inner.table.table, cx)
  const key = declared === null || declared.nulls ? [] : declared.columns
  const isKey = (expr: Expr): boolean =>
    expr.kind === 'Column' && key.includes(expr.index - inner.width)
  return (
    values.some(value => value.nullable) || inner.items.some(item => item.nullable && !isKey(item))
  )
}

/** A query as a value: NULL where it finds no row, and an error where it finds several. Null after a diagnostic. */
export function bindScalarQuery(query: Query, row: RowSoFar, cx: ExprContext): Expr | null {
  const correlated = bindCorrelatedGroups(query, row, cx)
  if (correlated !== undefined) return correlated
  const inner = bindInner(query, row, cx)
  if (inner === null) return null
  const [item, second] = inner.items
  if (second !== undefined) {
    const found = inner.items.length
    report(cx.bind, columnCount('a query as a value', 1, 'this one gives', found, query.span))
    return null
  }
  if (isOneRow(inner.relation)) {
    addOneRow('INNER', inner, row)
    return item!
  }
  if (hasOneAtMost(query)) {
    addOneRow('LEFT', inner, row)
    return makeColumn(inner.width, row.relation.schema.columns[inner.width]!, query.span)
  }
  const keys = look('SINGLE', inner, row, cx.bind)
  if (keys === null) return null
  const value = valueOrNull(item!, keys, inner, row, cx.bind)
  const canFail = inner.conditions.some(exprCanFail) || !isUnique(keys, inner, cx.bind)
  if (value !== null && canFail) row.fallible.push(value)
  return value
}

/** Groups without keys are one row, however many they count. */
function isOneRow(relation: BoundRelation): boolean {
  if (relation.kind !== 'Derived' || relation.query.kind !== 'Select') return false
  const { grouping, from, where } = relation.query
  if (grouping === null) return where === null && isOneRow(from)
  return grouping.keys.length === 0 && grouping.having === null
}

/** `LIMIT 1`, of a query that knows nothing of the row around it. */
function hasOneAtMost({ limit }: Query): boolean {
  return limit?.kind === 'NumberLiteral' && Number(limit.text) === 1
}

/** Every row stands beside the only one that the query has, or of LEFT beside NULL where it has none. */
function addOneRow(join: 'INNER' | 'LEFT', { relation, span }: Inner, row: RowSoFar): void {
  const left = filteredRow(row)
  const all = makeLiteral(true, BOOLEAN, span)
  const keys = [{ left: all, right: all }]
  const schema = joinSchema(left.schema, relation.schema, join)
  addRelation(row, {
    kind: 'Join',
    join,
    left,
    right: relation,
    keys,
    condition: null,
    schema,
    span
  })
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
  const columns = keys.map(({ right }) => keyColumn(right))
  const primary = table === null ? null : storedKey(table.table, cx)
  return primary !== null && primary.columns.every(index => columns.includes(index))
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
