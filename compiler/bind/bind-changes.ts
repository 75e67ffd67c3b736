import type {
  CreateTableAs,
  Delete,
  Expression,
  Insert,
  Script,
  Update,
  Values
} from '../ast/index.ts'
import { readsBeforeRecords } from '../diagnostics/bind-tables.ts'
import {
  type BoundChange,
  type BoundChangeQuery,
  type BoundDelete,
  type BoundInsertValues,
  type BoundUpdate,
  type Expr,
  tablesRead
} from '../ir/index.ts'
import { bindChangeQuery, bindInsertedValues } from './bind-change-query.ts'
import type { Declaration, TableDeclaration } from './catalog.ts'
import {
  bindAssignments,
  bindRow,
  declaredTable,
  type GivenRow,
  insertPositions,
  tableOf
} from './changed-rows.ts'
import { type BindContext, report } from './context.ts'
import { bindConditions, bindExpr } from './expressions/bind-expr.ts'
import type { ExprContext } from './expressions/expr-context.ts'
import { bindTarget } from './insert-target.ts'
import { bindQuery } from './queries/bind-query.ts'
import { makeNames } from './queries/names-in-scope.ts'
import { partsOfExpression } from './queries/walk-expression.ts'
import { isWrittenOut } from './queries/written-rows.ts'
import type { InsertTarget } from './tables.ts'

/** INSERT VALUES, UPDATE and DELETE of tables, in script order. */
export function bindChanges({ statements }: Script, cx: BindContext): BoundChange[] {
  return statements.flatMap(statement => {
    const change = bindScriptChange(statement, cx)
    if (change?.kind === 'ChangeQuery') warnOfEmpty(change, cx)
    return change ?? []
  })
}

function bindScriptChange(
  statement: Script['statements'][number],
  cx: BindContext
): BoundChange | null {
  switch (statement.kind) {
    case 'Insert': {
      const declaration = cx.catalog.targets.get(statement)!
      // Any other target is refused where INSERTs are bound.
      const isOurs = declaration.kind === 'Table' && insertsRows(statement)
      return isOurs ? bindInsert(declaration, statement, cx) : null
    }
    case 'CreateTableAs':
      return insertsRows(statement) ? bindCreated(statement, cx) : null
    case 'Update':
    case 'Delete':
      return bindChange(statement, cx)
    default:
      return null
  }
}

/** A change that a running pipeline could be asked for; null after a diagnostic. */
export function bindChange(
  statement: Insert | Update | Delete,
  cx: BindContext
): BoundChange | null {
  if (statement.kind === 'Insert') {
    const table = declaredTable('INSERT', statement.target, cx)
    return table === null ? null : bindInsert(table, statement, cx)
  }
  if (holdsQuery(statement)) return bindChangeQuery(statement, cx)
  return statement.kind === 'Update' ? bindUpdate(statement, cx) : bindDelete(statement, cx)
}

function bindInsert(
  table: TableDeclaration,
  insert: Insert,
  cx: BindContext
): BoundInsertValues | BoundChangeQuery | null {
  return holdsQuery(insert) ? bindInsertedValues(insert, table, cx) : bindRows(table, insert, cx)
}

/** Statements of a script are run before its first record is read. */
function warnOfEmpty({ verb, query, span }: BoundChangeQuery, cx: BindContext): void {
  const filled = cx.catalog.declarations.filter(isFilledByRecords)
  for (const table of tablesRead(query)) {
    if (!filled.some(({ name }) => name === table)) continue
    report(cx, readsBeforeRecords(verb, table, span))
  }
}

function isFilledByRecords(declaration: Declaration): boolean {
  if (declaration.kind !== 'Table') return true
  const { statement, inserts } = declaration
  const created = statement?.kind === 'CreateTableAs' ? [statement] : []
  return [...created, ...inserts].some(insert => !insertsRows(insert))
}

/** VALUES, which take the types of the table's columns. */
export function insertsValues({ query }: Pick<Insert, 'query'>): boolean {
  const { body, orderBy, limit, offset, emit } = query
  return body.kind === 'Values' && orderBy.length === 0 && !limit && !offset && !emit
}

/** Rows written out, for a table: a statement that runs once, not a stream. */
export function insertsRows({ query }: Pick<Insert, 'query'>): boolean {
  return insertsValues({ query }) || isWrittenOut(query)
}

/** CREATE TABLE AS with rows that are written out. */
function bindCreated(statement: CreateTableAs, cx: BindContext): BoundInsertValues | null {
  const table = cx.catalog.declarations.find(
    declaration => declaration.kind === 'Table' && declaration.statement === statement
  )
  return table?.kind === 'Table' ? bindRows(table, { ...statement, columns: [] }, cx) : null
}

function bindRows(
  table: TableDeclaration,
  insert: Pick<Insert, 'query' | 'columns' | 'span'>,
  cx: BindContext
): BoundInsertValues | null {
  const target = bindTarget(table, cx)
  if (target === null) return null
  const given = givenRows(insert, cx)
  const positions = insertPositions(insert, target, cx)
  if (positions === null || given === null) return null
  const rows = given.map(row => bindRow(row, positions, target, insert, cx))
  if (!rows.every(row => row !== null)) return null
  return { kind: 'InsertValues', table: target.name, rows, span: insert.span }
}

/** Null after a diagnostic. */
function givenRows({ query }: Pick<Insert, 'query'>, cx: BindContext): readonly GivenRow[] | null {
  if (insertsValues({ query })) {
    const { rows } = query.body as Values
    return rows.map(row =>
      row.map(value => ({
        span: value.span,
        bind: () => bindExpr(value, { bind: cx, names: null })
      }))
    )
  }
  const bound = bindQuery(query, [], cx)
  if (bound?.kind !== 'Values') return null
  return bound.rows.map(row => row.map(expr => ({ span: expr.span, bind: () => expr })))
}

function bindUpdate(update: Update, cx: BindContext): BoundUpdate | null {
  const target = tableOf('UPDATE', update.target, cx)
  if (target === null) return null
  const context = overTable(update, target, cx)
  const row = bindAssignments(update, target, context)
  const where = bindWhere(update.where, context)
  if (where === undefined || row === null) return null
  return { kind: 'Update', table: target.name, row, where, span: update.span }
}

/** Whether a query stands in WHERE, in SET or in VALUES. */
function holdsQuery(statement: Insert | Update | Delete): boolean {
  const roots = rootsOf(statement)
  return roots.some(root => [...partsOfExpression(root)].some(({ kind }) => kind === 'Query'))
}

function rootsOf(statement: Insert | Update | Delete): readonly Expression[] {
  if (statement.kind === 'Insert') {
    const { body } = statement.query
    return body.kind === 'Values' ? body.rows.flat() : []
  }
  const { where } = statement
  const values = statement.kind === 'Update' ? statement.assignments.map(({ value }) => value) : []
  return where === null ? values : [...values, where]
}

function bindDelete(statement: Delete, cx: BindContext): BoundDelete | null {
  const { where, span } = statement
  const target = tableOf('DELETE', statement.target, cx)
  if (target === null) return null
  const condition = bindWhere(where, overTable(statement, target, cx))
  if (condition === undefined) return null
  return { kind: 'Delete', table: target.name, where: condition, span }
}

/** Undefined after a diagnostic; null where there is none. */
function bindWhere(where: Expression | null, cx: ExprContext): Expr | null | undefined {
  return where === null ? null : bindConditions([where], 'WHERE', cx)?.[0]
}

function overTable(
  { alias }: Update | Delete,
  { name, schema }: InsertTarget,
  cx: BindContext
): ExprContext {
  return { bind: cx, names: makeNames(alias?.name ?? name, schema, cx) }
}
