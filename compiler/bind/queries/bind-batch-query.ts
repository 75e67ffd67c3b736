import type { Expression, Query, Select, SortItem } from '../../ast/index.ts'
import { wholeNumberNeeded } from '../../diagnostics/bind-batch.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { queryOfGroups } from '../../diagnostics/bind-groups.ts'
import {
  type BatchInput,
  type BatchQuery,
  type Expr,
  makeColumn,
  type SortKey
} from '../../ir/index.ts'
import type { Column, RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions, bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { startScope } from './bind-aggregate.ts'
import { bindBatchBody, queryOver } from './bind-batch-body.ts'
import { type BatchFrom, bindBatchFrom } from './bind-batch-input.ts'
import type { Aliases } from './aliases.ts'
import { bindGroupKeys, itemMeant, overGroups } from './bind-grouping.ts'
import type { CommonTables } from './with-tables.ts'
import { bindItems } from './bind-select.ts'
import { bindElements, unnestsItems, withArrays } from './bind-unnest-items.ts'
import { splitAnd } from './bind-where.ts'
import { makeNames, type Names, namesOf, nestedNames } from './names-in-scope.ts'
import { answersFrom, filtered, type ProbeScope } from './probe-scope.ts'

/** Where a query inside of an expression stands: its rows go on behind the row around it. */
export interface Around {
  readonly names: Names
  readonly schema: RowType
}

/** A query over tables as they are now; null after a diagnostic. */
export function bindBatchQuery(
  query: Query,
  outer: CommonTables,
  cx: BindContext,
  around: Around | null = null
): BatchQuery | null {
  const tables = [...query.with, ...outer]
  if (query.emit !== null) {
    report(cx, notSupportedYet('EMIT in a query that is answered once', query.emit.span))
    return null
  }
  const { body } = query
  if (body.kind === 'Select') {
    return unnestsItems(body)
      ? bindBatchUnnest(query, body, tables, cx, around)
      : bindBatchSelect(query, body, tables, cx, around)
  }
  if (body.kind === 'NestedQuery' && !hasTail(query)) {
    return bindBatchQuery(body.query, tables, cx, around)
  }
  const input = bindBatchBody(body, tables, cx)
  return input === null ? null : bindRows(query, input, cx)
}

export function hasTail({ orderBy, limit, offset }: Query): boolean {
  return orderBy.length > 0 || limit !== null || offset !== null
}

/** The rows of an input as they are, with the query's order and limits. */
function bindRows(query: Query, input: BatchInput, cx: BindContext): BatchQuery | null {
  const { schema } = input
  const names = makeNames(null, schema, cx)
  const items = schema.columns.map((column, i) => makeColumn(i, column, query.span))
  const aliases = { items, names: schema.columns.map(column => column.name) }
  const orderBy = bindOrderBy(query.orderBy, aliases, { bind: cx, names, aggregates: 'none' })
  const range = bindRange(query, cx)
  if (orderBy === null || range === null) return null
  const { span } = query
  const output = { input, grouping: null, items, distinct: false, orderBy, schema }
  return Object.freeze({ ...output, ...range, span })
}

/** UNNEST in the select list: see bindUnnestItems. */
function bindBatchUnnest(
  query: Query,
  select: Select,
  tables: CommonTables,
  cx: BindContext,
  around: Around | null
): BatchQuery | null {
  const { span, distinct } = select
  const listed = withArrays(select, cx)
  if (listed === null) return null
  const plain: Query = { ...query, orderBy: [], limit: null, offset: null }
  const all: Select = { ...listed.select, distinct: false }
  const rows = bindBatchSelect(plain, all, tables, cx, around)
  const elements =
    rows === null ? null : bindElements(rows.schema, rows.items, listed.arrays, span, cx)
  if (elements === null) return null
  const { unnest, items, schema } = elements
  const columns = [...rows!.schema.columns, ...unnest.columns]
  const from: BatchInput = { kind: 'Query', query: rows!, schema: rows!.schema }
  const input: BatchInput = { kind: 'Unnest', input: from, unnest, schema: { columns } }
  const inner = { ...queryOver(input, span), items, schema }
  const bound = bindRows(query, { kind: 'Query', query: inner, schema }, cx)
  return bound === null ? null : { ...bound, distinct }
}

function bindBatchSelect(
  query: Query,
  select: Select,
  tables: CommonTables,
  cx: BindContext,
  around: Around | null
): BatchQuery | null {
  const from = bindBatchFrom(select.from, tables, cx)
  if (from === null) return null
  const probes: ProbeScope = { input: rowsOf(from.input, around), pending: [], tables }
  const rows: ExprContext = {
    bind: cx,
    names: namesIn(from, around, cx),
    aggregates: 'none',
    probes
  }
  const where = select.where === null || bindProbedWhere(select.where, rows, probes)
  const output = bindOutput(query, select, rows, probes)
  const range = bindRange(query, cx)
  if (!where || output === null || range === null) return null
  const input = filtered(probes)
  const { distinct } = select
  return Object.freeze({ input, ...output, distinct, ...range, span: query.span })
}

function rowsOf(input: BatchInput, around: Around | null): BatchInput {
  if (around === null) return input
  const columns = [...around.schema.columns, ...input.schema.columns]
  return { kind: 'Nested', input, keys: [], schema: { columns } }
}

function namesIn({ parts }: BatchFrom, around: Around | null, cx: BindContext): Names {
  if (around === null) return namesOf(parts, cx)
  const width = around.schema.columns.length
  const shifted = parts.map(part => ({ ...part, start: part.start + width }))
  return nestedNames(shifted, around.names, cx)
}

/** Conditions in the order written: each waits in the scope. False after a diagnostic. */
export function bindProbedWhere(where: Expression, rows: ExprContext, probes: ProbeScope): boolean {
  const conjuncts = splitAnd(where)
  const what = conjuncts.length === 1 ? 'WHERE' : 'AND'
  // All of them are bound, so that every mistake is told.
  return conjuncts
    .map(conjunct => {
      const bound = bindConditions([conjunct], what, rows)
      probes.pending.push(...(bound ?? []))
      return bound !== null
    })
    .every(Boolean)
}

/** LIMIT and OFFSET; null after a diagnostic. */
export function bindRange(
  query: Query,
  cx: BindContext
): { readonly limit: number | null; readonly offset: number } | null {
  const limit = bindCount(query.limit, 'LIMIT', cx)
  const offset = bindCount(query.offset, 'OFFSET', cx)
  return limit === undefined || offset === undefined ? null : { limit, offset: offset ?? 0 }
}

type Output = Pick<BatchQuery, 'grouping' | 'items' | 'orderBy' | 'schema'>

/** The select list, with the groups and the order that it is made of; null after a diagnostic. */
function bindOutput(
  query: Query,
  select: Select,
  rows: ExprContext,
  probes: ProbeScope
): Output | null {
  const width = probes.input.schema.columns.length
  const scope = startScope()
  const grouped: ExprContext = { ...rows, aggregates: scope }
  const items = bindItems(select.items, rows.names!, grouped)
  if (items === null) return null
  const exprs = items.map(item => item.expr)
  const aliases = { items: exprs, names: items.map(item => item.name) }
  const keys = bindGroupKeys(select, aliases, scope, rows)
  const ofGroups: ExprContext = { ...grouped, aliases }
  const having = select.having === null ? [] : bindConditions([select.having], 'HAVING', ofGroups)
  const orderBy = bindOrderBy(query.orderBy, aliases, grouped)
  if (keys === null || having === null || orderBy === null) return null
  const schema = { columns: items.map(columnOf) }
  const hasCalls = scope.calls.length + scope.groupings.length > 0
  const isGrouped = select.groupBy.length > 0 || hasCalls || having.length > 0
  if (!isGrouped) return { grouping: null, items: exprs, orderBy, schema }
  const answers = answersFrom(probes.input, width)
  const { sets } = keys
  const isRefused = keys.keys.length === 0 || sets !== null
  if (answers === null || (answers.length > 0 && isRefused)) {
    report(rows.bind, queryOfGroups(select.span))
    return null
  }
  const sorted = orderBy.map(key => key.expr)
  const known = [...keys.keys, ...answers]
  const output = overGroups(
    { keys: known, sets, scope, exprs: [...exprs, ...sorted], having, session: null, width },
    rows.bind
  )
  if (output === null) return null
  const { grouping, exprs: all } = output
  const order = orderBy.map((key, i) => ({ ...key, expr: all[exprs.length + i]! }))
  return { grouping, items: all.slice(0, exprs.length), orderBy: order, schema }
}

function columnOf({ name, expr }: { readonly name: string; readonly expr: Expr }): Column {
  return { name, type: expr.type, nullable: expr.nullable }
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
