import type { Delete, Insert, Update, Values } from '../ast/index.ts'
import { type BatchQuery, type BoundChangeQuery, makeColumn } from '../ir/index.ts'
import { TEXT } from '../types/index.ts'
import type { TableDeclaration } from './catalog.ts'
import { bindAssignments, bindRow, insertPositions, tableOf } from './changed-rows.ts'
import type { BindContext } from './context.ts'
import { bindExpr } from './expressions/bind-expr.ts'
import type { ExprContext } from './expressions/expr-context.ts'
import { bindTarget } from './insert-target.ts'
import { queryOver } from './queries/bind-batch-body.ts'
import { bindProbedWhere } from './queries/bind-batch-query.ts'
import { makeNames } from './queries/names-in-scope.ts'
import { filtered, type ProbeScope } from './queries/probe-scope.ts'

/** What stands for the key of a row, whatever it is: nothing computes with it. */
const KEY = { name: 'key', type: TEXT, nullable: false }

/** UPDATE and DELETE with queries inside: all of them have been asked before the first row changes. Null after a diagnostic. */
export function bindChangeQuery(
  statement: Update | Delete,
  cx: BindContext
): BoundChangeQuery | null {
  const verb = statement.kind === 'Update' ? 'UPDATE' : 'DELETE'
  const target = tableOf(verb, statement.target, cx)
  if (target === null) return null
  const { name, schema } = target
  const { where, span } = statement
  const keyed = { columns: [...schema.columns, KEY] }
  const probes: ProbeScope = {
    input: { kind: 'KeyedTable', name, schema: keyed },
    pending: [],
    tables: []
  }
  const context: ExprContext = {
    bind: cx,
    names: makeNames(statement.alias?.name ?? name, schema, cx),
    aggregates: 'none',
    probes
  }
  const isBound = where === null || bindProbedWhere(where, context, probes)
  const row = statement.kind === 'Update' ? bindAssignments(statement, target, context) : []
  if (!isBound || row === null) return null
  const items = [makeColumn(schema.columns.length, KEY, span), ...row]
  const columns = row.length === 0 ? [KEY] : [KEY, ...schema.columns]
  const query = { ...queryOver(filtered(probes), span), items, schema: { columns } }
  return { kind: 'ChangeQuery', verb, table: name, query, span }
}

/** INSERT VALUES with queries among the values: all of them have been asked before the first row is there. Null after a diagnostic. */
export function bindInsertedValues(
  insert: Insert,
  table: TableDeclaration,
  cx: BindContext
): BoundChangeQuery | null {
  const target = bindTarget(table, cx)
  const positions = target === null ? null : insertPositions(insert, target, cx)
  if (target === null || positions === null) return null
  const { span } = insert
  const rows = (insert.query.body as Values).rows.map((values): BatchQuery | null => {
    const schema = { columns: [] }
    const probes: ProbeScope = { input: { kind: 'Nothing', schema }, pending: [], tables: [] }
    const names = makeNames(null, schema, cx)
    const context: ExprContext = { bind: cx, names, aggregates: 'none', probes }
    const given = values.map(value => ({
      span: value.span,
      bind: () => bindExpr(value, context)
    }))
    const items = bindRow(given, positions, target, insert, cx)
    return items && { ...queryOver(filtered(probes), span), items, schema: target.schema }
  })
  if (!rows.every(row => row !== null)) return null
  const query = rows.reduce((left, right) =>
    queryOver(
      { kind: 'SetOperation', operator: 'UNION', all: true, left, right, schema: target.schema },
      span
    )
  )
  return { kind: 'ChangeQuery', verb: 'INSERT', table: target.name, query, span }
}
