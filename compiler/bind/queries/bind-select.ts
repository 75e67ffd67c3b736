import type { Alias, Identifier, Relation, Select, SelectItem } from '../../ast/index.ts'
import {
  columnCount,
  columnNotFound,
  duplicateColumn,
  notSupportedYet
} from '../../diagnostics/bind.ts'
import { sessionNeedsGroups, windowWithoutTime } from '../../diagnostics/bind-groups.ts'
import { type BoundRelation, type BoundSelect, type Expr, makeAnd } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type RowType, settledType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions, bindExpr, type ExprContext } from '../expressions/bind-expr.ts'
import { coerce } from '../expressions/coerce.ts'
import { startScope } from './bind-aggregate.ts'
import { bindGroupKeys, overGroups } from './bind-grouping.ts'
import { bindFrom } from './bind-from.ts'
import { bindJoin } from './bind-join.ts'
import { bindQuery, type CommonTables } from './bind-query.ts'
import { bindTableRelation } from './bind-relation.ts'
import { groupsOfSession, type SessionInput } from './bind-session.ts'
import { checkFallible } from './bind-subquery.ts'
import { bindWindow } from './bind-window.ts'
import { bindWhere } from './bind-where.ts'
import { type NamedRelation, type Names, namesOf } from './names-in-scope.ts'
import { startRow } from './row-so-far.ts'

export function bindSelect(
  select: Select,
  tables: CommonTables,
  cx: BindContext
): BoundSelect | null {
  const problem = unsupportedPart(select)
  if (problem !== null) {
    report(cx, notSupportedYet(problem.what, problem.span))
    return null
  }
  const from = bindFrom(select.from, select.where, tables, cx)
  if (from === null) return null
  const { input, where } = from
  const aliases = select.items.flatMap(({ alias }) => alias?.name ?? [])
  const names = namesOf(input.parts, cx, aliases)
  const row = startRow(input.relation, tables)
  const context: ExprContext = { bind: cx, names, row, aggregates: 'none' }
  const isBound = bindWhere(where, row, context)
  const output = bindOutput(select, names, context, input.session ?? null)
  if (!isBound || output === null) return null
  const { untimed } = input
  if (output.grouping !== null && untimed?.kind === 'Column') {
    report(cx, windowWithoutTime(untimed.name, untimed.span))
  }
  const columns = output.items.map(({ name, expr }) => ({
    name,
    type: expr.type,
    nullable: expr.nullable
  }))
  return {
    kind: 'Select',
    from: row.relation,
    where: row.pending.length === 0 ? null : makeAnd(row.pending, select.where!.span),
    ...output,
    emission: null,
    schema: { columns },
    span: select.span
  }
}

/** The select list, over the groups where there are any; null after a diagnostic. */
function bindOutput(
  select: Select,
  names: Names,
  rows: ExprContext,
  session: SessionInput | null
): Pick<BoundSelect, 'items' | 'grouping'> | null {
  const scope = startScope()
  const grouped: ExprContext = { ...rows, aggregates: scope }
  const items = bindUniqueItems(select.items, names, grouped)
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', grouped)
  if (items === null || having === null) return null
  const exprs = items.map(item => item.expr)
  const aliases = { items: exprs, names: items.map(item => item.name) }
  const written = bindGroupKeys(select, aliases, scope, rows)
  if (written === null) return null
  const hasCalls = scope.calls.length + scope.groupings.length > 0
  const isGrouped = written.keys.length > 0 || hasCalls || having.length > 0
  if (!isGrouped && session === null) return { items, grouping: null }
  const groups =
    session === null
      ? { ...written, session }
      : groupsOfSession(select, session, written, scope.calls, rows.bind)
  const output = groups === null ? null : overGroups({ ...groups, scope, exprs, having }, rows.bind)
  if (output === null) return null
  const over = items.map(({ name }, i) => ({ name, expr: output.exprs[i]! }))
  return { items: over, grouping: output.grouping }
}

function unsupportedPart(select: Select): { readonly what: string; readonly span: Span } | null {
  const { from, span } = select
  return from.length === 0 ? { what: 'SELECT without FROM', span } : null
}

/** What FROM reads, and what its columns are called there. */
export interface Input {
  readonly relation: BoundRelation
  readonly parts: readonly NamedRelation[]
  /** Of windows that nothing closes: the time that they are made of. */
  readonly untimed?: Expr
  /** Of SESSION: what its groups are made by. */
  readonly session?: SessionInput
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
      report(cx, notSupportedYet('UNNEST without a stream before it', relation.span))
      return null
  }
}

function bindNamed(
  { name, alias, asOf }: Extract<Relation, { kind: 'TableRelation' }>,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  if (asOf !== null) {
    report(cx, notSupportedYet('FOR SYSTEM_TIME AS OF', asOf.span))
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
