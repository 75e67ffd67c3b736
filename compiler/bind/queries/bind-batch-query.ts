import type { Expression, Query, Select, SortItem } from '../../ast/index.ts'
import { notGrouped, orderPosition, wholeNumberNeeded } from '../../diagnostics/bind-batch.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type BatchInput,
  type BatchQuery,
  type BoundRelation,
  type Expr,
  makeColumn,
  makeInterner,
  replaceSubtrees,
  type SortKey
} from '../../ir/index.ts'
import type { Column } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions, bindExpr, type ExprContext } from '../expressions/bind-expr.ts'
import type { AggregateScope } from './bind-aggregate.ts'
import type { CommonTables } from './bind-query.ts'
import { bindItems, bindRelation, type Input } from './bind-select.ts'
import { namesOf } from './names-in-scope.ts'

/** A query over tables as they are now; null after a diagnostic. */
export function bindBatchQuery(
  query: Query,
  outer: CommonTables,
  cx: BindContext
): BatchQuery | null {
  const tables = [...query.with, ...outer]
  if (query.emit !== null) {
    report(cx, notSupportedYet('EMIT in a query that is answered once', query.emit.span))
    return null
  }
  const { body } = query
  if (body.kind === 'NestedQuery') return bindBatchQuery(body.query, tables, cx)
  if (body.kind !== 'Select') {
    const what = body.kind === 'Values' ? 'VALUES alone' : body.operator
    report(cx, notSupportedYet(`${what} in a query that is answered once`, body.span))
    return null
  }
  return bindBatchSelect(query, body, tables, cx)
}

function bindBatchSelect(
  query: Query,
  select: Select,
  tables: CommonTables,
  cx: BindContext
): BatchQuery | null {
  const source = bindInput(select, tables, cx)
  if (source === null) return null
  const { input, parts } = source
  const names = namesOf(parts, cx)
  const rows: ExprContext = { bind: cx, names, aggregates: 'none' }
  const where = select.where === null ? [] : bindConditions([select.where], 'WHERE', rows)
  const output = bindOutput(query, select, input.schema.columns.length, rows)
  const limit = bindCount(query.limit, 'LIMIT', cx)
  const offset = bindCount(query.offset, 'OFFSET', cx)
  if (where === null || output === null || limit === undefined || offset === undefined) return null
  return Object.freeze({
    input,
    where: where[0] ?? null,
    ...output,
    distinct: select.distinct,
    limit,
    offset: offset ?? 0,
    span: query.span
  })
}

type Output = Pick<BatchQuery, 'grouping' | 'items' | 'orderBy' | 'schema'>

/** The select list, with the groups and the order that it is made of; null after a diagnostic. */
function bindOutput(query: Query, select: Select, width: number, rows: ExprContext): Output | null {
  const scope: AggregateScope = { calls: [], start: width }
  const grouped: ExprContext = { ...rows, aggregates: scope }
  const items = bindItems(select.items, rows.names!, grouped)
  if (items === null) return null
  const exprs = items.map(item => item.expr)
  const aliases = { items: exprs, names: items.map(item => item.name) }
  const keys = bindGroupKeys(select, aliases, rows)
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', grouped)
  const orderBy = bindOrderBy(query.orderBy, aliases, grouped)
  if (keys === null || having === null || orderBy === null) return null
  const schema = { columns: items.map(columnOf) }
  const isGrouped = select.groupBy.length > 0 || scope.calls.length > 0 || having.length > 0
  if (!isGrouped) return { grouping: null, items: exprs, orderBy, schema }
  const output = overGroups({ keys, scope, items: exprs, orderBy, having }, rows.bind)
  return output === null ? null : { ...output, schema }
}

function columnOf({ name, expr }: { readonly name: string; readonly expr: Expr }): Column {
  return { name, type: expr.type, nullable: expr.nullable }
}

interface OverInput {
  readonly keys: readonly Expr[]
  readonly scope: AggregateScope
  readonly items: readonly Expr[]
  readonly orderBy: readonly SortKey[]
  /** None or one. */
  readonly having: readonly Expr[]
}

/** Expressions over the input as ones over keys and aggregates; null, after a diagnostic, where a column is neither. */
function overGroups(
  { keys, scope, items, orderBy, having }: OverInput,
  cx: BindContext
): Omit<Output, 'schema'> | null {
  const replace = makeReplacer(keys, scope, cx)
  const all = [...items, ...orderBy.map(key => key.expr), ...having].map(replace)
  if (!all.every(expr => expr !== null)) return null
  const sorted = orderBy.map((key, i) => ({ ...key, expr: all[items.length + i]! }))
  const condition = having.length === 0 ? null : all.at(-1)!
  const grouping = { keys, aggregates: scope.calls, having: condition }
  return { grouping, items: all.slice(0, items.length), orderBy: sorted }
}

function bindInput(
  { from }: Select,
  tables: CommonTables,
  cx: BindContext
): { readonly input: BatchInput; readonly parts: Input['parts'] } | null {
  const [first, second] = from
  if (first === undefined) return { input: { kind: 'Nothing', schema: { columns: [] } }, parts: [] }
  if (second !== undefined) {
    report(cx, notSupportedYet('a join in a query that is answered once', second.span))
    return null
  }
  if (first.kind === 'DerivedRelation') {
    const query = bindBatchQuery(first.query, tables, cx)
    if (query === null) return null
    const { schema } = query
    const name = first.alias?.name.name ?? null
    return {
      input: { kind: 'Query', query, schema },
      parts: [{ name, schema, start: 0, hidden: [] }]
    }
  }
  const bound = bindRelation(first, tables, cx)
  if (bound === null) return null
  const input = inputOf(bound.relation, cx)
  return input === null ? null : { input, parts: bound.parts }
}

function inputOf(relation: BoundRelation, cx: BindContext): BatchInput | null {
  const { schema, span } = relation
  if (relation.kind === 'TableScan') return { kind: 'Table', name: relation.table, schema }
  if (relation.kind === 'SystemScan') return { kind: 'System', name: relation.name, schema }
  const what =
    relation.kind === 'SourceScan' ? 'reading a stream of events' : 'reading a view or a join'
  report(cx, notSupportedYet(`${what} in a query that is answered once`, span))
  return null
}

interface Aliases {
  readonly items: readonly Expr[]
  readonly names: readonly string[]
}

/** GROUP BY takes expressions of the input, positions, and aliases of the select list. */
function bindGroupKeys(select: Select, aliases: Aliases, cx: ExprContext): Expr[] | null {
  const keys: (Expr | null)[] = select.groupBy.map(element => {
    if (element.kind !== 'GroupBy') {
      report(cx.bind, notSupportedYet(element.kind.toUpperCase(), element.span))
      return null
    }
    const { expression } = element
    const item = itemMeant(expression, aliases, cx)
    if (item === undefined) return null
    if (item === null) return bindExpr(expression, cx)
    return bindExpr(select.items[item]!.expression, cx)
  })
  return keys.every(key => key !== null) ? keys : null
}

function bindOrderBy(
  sortItems: readonly SortItem[],
  aliases: Aliases,
  cx: ExprContext
): SortKey[] | null {
  const keys = sortItems.map(({ expression, descending, nulls }) => {
    const item = itemMeant(expression, aliases, cx)
    if (item === undefined) return null
    const expr = item === null ? bindExpr(expression, cx) : aliases.items[item]!
    const nullsFirst = nulls === null ? descending : nulls === 'FIRST'
    return expr === null ? null : { expr, descending, nullsFirst }
  })
  return keys.every(key => key !== null) ? keys : null
}

/** The index of the item that a position or an alias means; null: it is an expression; undefined after a diagnostic. */
function itemMeant(
  expression: Expression,
  { names }: Aliases,
  cx: ExprContext
): number | null | undefined {
  if (expression.kind === 'NumberLiteral') {
    const position = Number(expression.text)
    if (Number.isInteger(position) && position >= 1 && position <= names.length) return position - 1
    report(cx.bind, orderPosition(expression.text, names.length, expression.span))
    return undefined
  }
  if (expression.kind !== 'Name' || expression.name.parts.length > 1) return null
  const { name, quoted } = expression.name.parts[0]!
  const at = names.findIndex(other =>
    quoted ? other === name : other.toLowerCase() === name.toLowerCase()
  )
  return at < 0 ? null : at
}

function makeReplacer(
  keys: readonly Expr[],
  { start }: AggregateScope,
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const known = keys.map(intern)
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const { type, nullable, span } = expr
      const key = known.indexOf(intern(expr))
      if (key >= 0) return makeColumn(key, { name: nameOf(expr), type, nullable }, span)
      if (expr.kind !== 'Column') return null
      if (expr.index >= start) return makeColumn(keys.length + expr.index - start, expr, span)
      report(cx, notGrouped(expr.name, span))
      complete = false
      return expr
    })
    return complete ? result : null
  }
}

function nameOf(expr: Expr): string {
  return expr.kind === 'Column' ? expr.name : 'key'
}

/** LIMIT and OFFSET are whole numbers, written out; undefined after a diagnostic. */
function bindCount(
  expression: Expression | null,
  clause: string,
  cx: BindContext
): number | null | undefined {
  if (expression === null) return null
  const isNumber = expression.kind === 'NumberLiteral' && /^\d{1,15}$/.test(expression.text)
  if (isNumber) return Number(expression.text)
  report(cx, wholeNumberNeeded(clause, expression.span))
  return undefined
}
