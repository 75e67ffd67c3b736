import type { Expression, Query, Select, SelectItem, SortItem } from '../../ast/index.ts'
import { notGrouped, orderPosition, wholeNumberNeeded } from '../../diagnostics/bind-batch.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  type BatchInput,
  type BatchQuery,
  type BoundRelation,
  type Expr,
  type Grouping,
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
  const scope: AggregateScope = { calls: [], start: input.schema.columns.length }
  const names = namesOf(parts, cx)
  const rows: ExprContext = { bind: cx, names, aggregates: 'none' }
  const grouped: ExprContext = { bind: cx, names, aggregates: scope }
  const where = select.where === null ? [] : bindConditions([select.where], 'WHERE', rows)
  const items = bindItems(select.items, names, grouped)
  if (where === null || items === null) return null
  const aliases = {
    select: select.items,
    items: items.map(item => item.expr),
    names: items.map(item => item.name)
  }
  const keys = bindGroupKeys(select, aliases, rows)
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', grouped)
  const orderBy = bindOrderBy(query.orderBy, aliases, grouped)
  if (keys === null || having === null || orderBy === null) return null
  const exprs = items.map(item => item.expr)
  const grouping = makeGrouping(keys, scope, having[0] ?? null, select)
  const over =
    grouping === null ? (expr: Expr): Expr | null => expr : overGroups(grouping, scope, cx)
  const finished = exprs.map(over)
  const sorted = orderBy.map(key => ({ ...key, expr: over(key.expr) }))
  const condition = grouping?.having == null ? null : over(grouping.having)
  const limit = bindCount(query.limit, 'LIMIT', cx)
  const offset = bindCount(query.offset, 'OFFSET', cx)
  const complete = finished.every(expr => expr !== null) && sorted.every(isComplete)
  if (!complete || limit === undefined || offset === undefined) return null
  if (grouping !== null && grouping.having !== null && condition === null) return null
  return Object.freeze({
    input,
    where: where[0] ?? null,
    grouping: grouping === null ? null : { ...grouping, having: condition },
    items: finished,
    distinct: select.distinct,
    orderBy: sorted,
    limit,
    offset: offset ?? 0,
    schema: { columns: items.map(columnOf) },
    span: query.span
  })
}

function isComplete(key: { readonly expr: Expr | null }): key is SortKey {
  return key.expr !== null
}

function columnOf({ name, expr }: { readonly name: string; readonly expr: Expr }): Column {
  return { name, type: expr.type, nullable: expr.nullable }
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
  readonly select: readonly SelectItem[]
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

function makeGrouping(
  keys: readonly Expr[],
  { calls }: AggregateScope,
  having: Expr | null,
  { groupBy }: Select
): Grouping | null {
  const isGrouped = groupBy.length > 0 || calls.length > 0 || having !== null
  return isGrouped ? { keys, aggregates: calls, having } : null
}

/** Expressions over the input as ones over keys and aggregates; null, after a diagnostic, where a column is neither. */
function overGroups(
  { keys }: Grouping,
  { start }: AggregateScope,
  cx: BindContext
): (expr: Expr) => Expr | null {
  const intern = makeInterner()
  const known = keys.map(intern)
  return root => {
    let complete = true
    const result = replaceSubtrees(root, expr => {
      const key = known.indexOf(intern(expr))
      if (key >= 0)
        return makeColumn(
          key,
          { name: nameOf(expr), type: expr.type, nullable: expr.nullable },
          expr.span
        )
      if (expr.kind !== 'Column') return null
      if (expr.index >= start) return makeColumn(keys.length + expr.index - start, expr, expr.span)
      report(cx, notGrouped(expr.name, expr.span))
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
