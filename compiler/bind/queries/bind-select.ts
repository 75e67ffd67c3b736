import type { Alias, Identifier, Relation, Select, SelectItem, SortItem } from '../../ast/index.ts'
import { columnCount, columnNotFound, duplicateColumn } from '../../diagnostics/bind.ts'
import { asOfNeedsJoin } from '../../diagnostics/bind-as-of.ts'
import { sessionNeedsGroups, windowWithoutTime } from '../../diagnostics/bind-groups.ts'
import {
  type BoundRelation,
  type BoundSelect,
  type Expr,
  exprsOfOver,
  makeAnd,
  makeColumn,
  mapOver,
  type OverCall,
  type SortKey
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type RowType, settledType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions, bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { coerce } from '../expressions/coerce.ts'
import { startScope } from './bind-aggregate.ts'
import type { AggregateScope } from './aggregate-scope.ts'
import { bindGroupKeys, itemMeant, overGroups } from './bind-grouping.ts'
import { bindFrom, oneRow } from './bind-from.ts'
import { bindJoin } from './bind-join.ts'
import { startOver } from './bind-over.ts'
import { bindQuery } from './bind-query.ts'
import type { CommonTables } from './with-tables.ts'
import { bindTableRelation } from './bind-relation.ts'
import { groupsOfSession } from './bind-session.ts'
import type { SessionInput } from './session-input.ts'
import { checkFallible } from './bind-subquery.ts'
import { bindUnnest } from './bind-unnest.ts'
import { bindUnnestItems, unnestsItems } from './bind-unnest-items.ts'
import { bindWindow } from './bind-window.ts'
import { bindWhere } from './bind-where.ts'
import { type Names, namesOf } from './names-in-scope.ts'
import { bindNamedWindows } from './named-windows.ts'
import { startRow } from './row-so-far.ts'
import { selectOver } from './select-over.ts'
import type { Input } from './input.ts'

export function bindSelect(
  select: Select,
  tables: CommonTables,
  cx: BindContext
): BoundSelect | null {
  if (unnestsItems(select)) return bindUnnestItems(select, tables, cx)
  return bindSortedSelect(select, [], tables, cx)?.select ?? null
}

/** A SELECT that has what ORDER BY asks for behind the columns of its select list. */
export interface SortedSelect {
  readonly select: BoundSelect
  /** Over its columns. */
  readonly order: readonly SortKey[]
  /** How many of its columns are of the select list. */
  readonly width: number
}

/** Null after a diagnostic. */
export function bindSortedSelect(
  select: Select,
  orderBy: readonly SortItem[],
  tables: CommonTables,
  cx: BindContext
): SortedSelect | null {
  const from = bindFrom(select, tables, cx)
  if (from === null) return null
  const { input } = from
  const aliases = select.items.flatMap(({ alias }) => alias?.name ?? [])
  const names = namesOf(input.parts, cx, aliases)
  const row = startRow(input.relation, tables)
  const context: ExprContext = { bind: cx, names, row, aggregates: 'none' }
  const isBound = bindWhere(from.where, row, context)
  const output = bindOutput(select, orderBy, names, context, input.session ?? null)
  if (!isBound || output === null) return null
  const { untimed } = input
  const { items, grouping, calls, order, width } = output
  if (grouping !== null && untimed?.kind === 'Column') {
    report(cx, windowWithoutTime(untimed.name, untimed.span))
  }
  const { span } = select
  const where =
    row.pending.length === 0 ? null : makeAnd(row.pending, (select.where ?? select).span)
  const rows = { from: row.relation, where, grouping }
  return { select: selectOver(rows, calls, items, span), order, width }
}

interface Output extends Pick<BoundSelect, 'items' | 'grouping'> {
  readonly calls: readonly OverCall[]
  readonly order: readonly SortKey[]
  readonly width: number
}

/** The select list and, behind it, what ORDER BY asks for, over the groups where there are any; null after a diagnostic. */
function bindOutput(
  select: Select,
  orderBy: readonly SortItem[],
  names: Names,
  rows: ExprContext,
  session: SessionInput | null
): Output | null {
  const scope = startScope()
  const width = rows.row!.relation.schema.columns.length
  const over = startOver(bindNamedWindows(select.windows, rows.bind))
  const grouped: ExprContext = { ...rows, aggregates: scope, over }
  const listed = bindUniqueItems(select.items, names, grouped)
  if (listed === null) return null
  const sorted = bindSortKeys(orderBy, listed, grouped)
  const items = sorted === null ? null : [...listed, ...sorted.items]
  if (items === null) return null
  const exprs = items.map(item => item.expr)
  const aliases = { items: exprs, names: items.map(item => item.name) }
  const ofGroups: ExprContext = { ...rows, aggregates: scope, aliases }
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', ofGroups)
  if (having === null) return null
  const written = bindGroupKeys(select, aliases, scope, rows)
  if (written === null) return null
  const { order } = sorted!
  const { calls } = over
  if (!isGrouped(written, scope) && having.length === 0 && session === null) {
    return { items, grouping: null, calls, order, width: listed.length }
  }
  const groups =
    session === null
      ? { ...written, session }
      : groupsOfSession(select, session, written, scope.calls, rows.bind)
  const all = [...exprs, ...calls.flatMap(exprsOfOver)]
  const output =
    groups === null ? null : overGroups({ ...groups, scope, exprs: all, having, width }, rows.bind)
  if (output === null) return null
  let at = exprs.length
  return {
    items: items.map(({ name }, i) => ({ name, expr: output.exprs[i]! })),
    grouping: output.grouping,
    calls: calls.map(call => mapOver(call, () => output.exprs[at++]!)),
    order,
    width: listed.length
  }
}

function isGrouped(
  { keys }: { readonly keys: readonly Expr[] },
  { calls, groupings }: AggregateScope
): boolean {
  return keys.length + calls.length + groupings.length > 0
}

/** What ORDER BY names is there already, or goes on behind the select list. */
export function bindSortKeys(
  orderBy: readonly SortItem[],
  listed: readonly Item[],
  cx: ExprContext
): { readonly items: readonly Item[]; readonly order: readonly SortKey[] } | null {
  const aliases = { items: listed.map(item => item.expr), names: listed.map(item => item.name) }
  const items: Item[] = []
  const order = orderBy.map(({ expression, descending, nulls }): SortKey | null => {
    const item = itemMeant(expression, aliases, cx)
    if (item === undefined) return null
    const expr = item === null ? bindExpr(expression, cx) : aliases.items[item]!
    if (expr === null) return null
    const name = item === null ? `order ${items.length + 1}` : aliases.names[item]!
    const at = item ?? listed.length + items.push({ name, expr: typed(expr, cx.bind) }) - 1
    const { type, nullable, span } = expr
    const column = makeColumn(at, { name, type, nullable }, span)
    return { expr: column, descending, nullsFirst: nulls === null ? descending : nulls === 'FIRST' }
  })
  return order.every(key => key !== null) ? { items, order } : null
}

export function bindRelation(
  relation: Relation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const input = bindByKind(relation, tables, cx)
  if (input !== null) cx.findings?.relations.set(relation, input)
  return input
}

function bindByKind(relation: Relation, tables: CommonTables, cx: BindContext): Input | null {
  switch (relation.kind) {
    case 'TableRelation':
      return bindNamed(relation, tables, cx)
    case 'DerivedRelation':
      return bindDerived(relation, tables, cx)
    case 'JoinRelation':
      return bindJoin(relation, tables, cx)
    case 'WindowRelation': {
      const { function: kind } = relation
      if (kind !== 'SESSION') return bindWindow({ ...relation, function: kind }, tables, cx)
      // The rows of a session are known behind GROUP BY only: see `bindFrom`.
      report(cx, sessionNeedsGroups(relation.span))
      return null
    }
    case 'UnnestRelation':
      return bindUnnest(oneRow(relation.span), relation, 'INNER', cx)
  }
}

function bindNamed(
  { name, alias, asOf }: Extract<Relation, { kind: 'TableRelation' }>,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  if (asOf !== null) {
    report(cx, asOfNeedsJoin(asOf.span))
    return null
  }
  const bound = bindTableRelation(name, tables, cx)
  const called = alias?.name.name ?? name.parts.at(-1)!.name
  return bound === null ? null : named(bound, called, alias?.columns ?? [], cx)
}

function bindDerived(
  { query, alias, span }: Extract<Relation, { kind: 'DerivedRelation' }>,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const bound = bindQuery(query, tables, cx)
  if (bound === null) return null
  const name = alias?.name.name ?? null
  const relation: BoundRelation = {
    kind: 'Derived',
    name: name ?? '',
    query: bound,
    schema: bound.schema,
    span
  }
  return named(relation, name, alias?.columns ?? [], cx)
}

/** A relation that has no name but its alias. */
export function nameInput(
  relation: BoundRelation,
  alias: Alias | null,
  cx: BindContext
): Input | null {
  return named(relation, alias?.name.name ?? null, alias?.columns ?? [], cx)
}

/** The relation under its alias, its columns renamed by `alias (a, b)`. */
function named(
  relation: BoundRelation,
  name: string | null,
  columns: readonly Identifier[],
  cx: BindContext
): Input | null {
  const schema = renameColumns('the table', relation.schema, columns, cx)
  if (schema === null) return null
  return { relation, parts: [{ name, schema, start: 0, hidden: [] }] }
}

/** `what` has the columns of `schema`, and `names` are given to the first of them; null after a diagnostic. */
export function renameColumns(
  what: 'the table' | 'the query',
  schema: RowType,
  names: readonly Identifier[],
  cx: BindContext
): RowType | null {
  if (names.length === 0) return schema
  if (names.length > schema.columns.length) {
    const extra = names[schema.columns.length]!
    const count = schema.columns.length
    report(cx, columnCount(what, count, 'the list names', names.length, extra.span))
    return null
  }
  return {
    columns: schema.columns.map((column, i) => ({ ...column, name: names[i]?.name ?? column.name }))
  }
}

type Item = BoundSelect['items'][number]

/** The select list; null after a diagnostic. */
export function bindItems(
  items: readonly SelectItem[],
  names: Names,
  cx: ExprContext
): Item[] | null {
  return bindNamedItems(items, names, cx)?.map(({ item }) => item) ?? null
}

interface NamedItem {
  readonly item: Item
  readonly span: Span
}

function bindNamedItems(
  items: readonly SelectItem[],
  names: Names,
  cx: ExprContext
): NamedItem[] | null {
  const bound: NamedItem[] = []
  let complete = true
  for (const item of items) {
    const list = bindItem(item, bound.length, names, cx)
    if (list === null) complete = false
    else bound.push(...list.map(one => ({ item: one, span: item.span })))
  }
  return complete ? bound : null
}

/** Columns of a stream become members of an object: each needs a name of its own. */
export function bindUniqueItems(
  items: readonly SelectItem[],
  names: Names,
  cx: ExprContext
): Item[] | null {
  const bound = bindNamedItems(items, names, cx)
  if (bound === null) return null
  const seen = new Set<string>()
  let complete = true
  for (const { item, span } of bound) {
    if (seen.has(item.name)) {
      report(cx.bind, duplicateColumn(item.name, span, 'query'))
      complete = false
    }
    seen.add(item.name)
  }
  return complete ? bound.map(({ item }) => item) : null
}

function bindItem(
  { expression, alias, span }: SelectItem,
  position: number,
  names: Names,
  cx: ExprContext
): Item[] | null {
  if (expression.kind === 'Star') {
    const { qualifier } = expression
    const columns = names.star(qualifier, span)
    if (columns === null) {
      const known = names.relations.flatMap(({ name }) => (name === null ? [] : [`${name}.*`]))
      report(cx.bind, columnNotFound(`${showName(qualifier!)}.*`, qualifier!.span, known))
      return null
    }
    return columns.map(expr => ({ name: expr.name, expr }))
  }
  const expr = bindExpr(expression, cx)
  if (expr === null) return null
  if (cx.row !== undefined) checkFallible(expr, cx.row, cx.bind)
  return [{ name: alias?.name ?? nameOf(expr, expression, position), expr: typed(expr, cx.bind) }]
}

/** What an item without an alias is called: its column, its function, else its position. */
function nameOf(expr: Expr, expression: SelectItem['expression'], position: number): string {
  if (expression.kind === 'Name') return expr.kind === 'Column' ? expr.name : 'value'
  if (expression.kind === 'Call') return showName(expression.name)
  if (expression.kind === 'Case') return 'case'
  return `column${position + 1}`
}

/** A column needs a type: a bare NULL is TEXT, as in PostgreSQL. */
function typed(expr: Expr, cx: BindContext): Expr {
  return coerce(expr, settledType(expr.type), cx) ?? expr
}
