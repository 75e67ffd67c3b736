import type {
  CreateTableAs,
  Delete,
  Expression,
  Insert,
  QualifiedName,
  Query,
  Script,
  Update,
  Values
} from '../ast/index.ts'
import { columnCount, notSupportedYet } from '../diagnostics/bind.ts'
import { columnSetTwice, notATable, tableNotFound } from '../diagnostics/bind-tables.ts'
import {
  type BoundChange,
  type BoundDelete,
  type BoundInsertValues,
  type BoundUpdate,
  type Expr,
  makeColumn
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { type TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindConditions, bindExpr, type ExprContext } from './expressions/bind-expr.ts'
import { coerce, isStringLiteral } from './expressions/coerce.ts'
import { bindTarget } from './insert-target.ts'
import { bindQuery } from './queries/bind-query.ts'
import { makeNames } from './queries/names-in-scope.ts'
import { partsOfExpression } from './queries/walk-expression.ts'
import { isWrittenOut } from './queries/written-rows.ts'
import { assign, type InsertTarget, missing, placeNames } from './tables.ts'

/** INSERT VALUES, UPDATE and DELETE of tables, in script order. */
export function bindChanges({ statements }: Script, cx: BindContext): BoundChange[] {
  return statements.flatMap(statement => {
    switch (statement.kind) {
      case 'Insert':
        return insertsRows(statement) ? (bindInsertRows(statement, cx) ?? []) : []
      case 'CreateTableAs':
        return insertsRows(statement) ? (bindCreated(statement, cx) ?? []) : []
      case 'Update':
        return bindUpdate(statement, cx) ?? []
      case 'Delete':
        return bindDelete(statement, cx) ?? []
      default:
        return []
    }
  })
}

/** A change that a running pipeline could be asked for; null after a diagnostic. */
export function bindChange(
  statement: Insert | Update | Delete,
  cx: BindContext
): BoundChange | null {
  switch (statement.kind) {
    case 'Insert': {
      const table = declaredTable('INSERT', statement.target, cx)
      return table === null ? null : bindRows(table, statement, cx)
    }
    case 'Update':
      return bindUpdate(statement, cx)
    case 'Delete':
      return bindDelete(statement, cx)
  }
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

function bindInsertRows(insert: Insert, cx: BindContext): BoundInsertValues | null {
  const declaration = cx.catalog.targets.get(insert)!
  // Any other target is refused where INSERTs are bound.
  return declaration.kind === 'Table' ? bindRows(declaration, insert, cx) : null
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

/** The columns that the values of a row are for; null after a diagnostic. */
export function insertPositions(
  { columns }: Pick<Insert, 'columns'>,
  { schema }: InsertTarget,
  cx: BindContext
): readonly number[] | null {
  return columns.length === 0 ? schema.columns.map((_, i) => i) : placeNames(columns, schema, cx)
}

/** Values of one row, each bound where it is needed. */
type GivenRow = readonly { readonly span: Span; bind(): Expr | null }[]

/** Null after a diagnostic. */
function givenRows({ query }: Pick<Insert, 'query'>, cx: BindContext): readonly GivenRow[] | null {
  if (insertsValues({ query })) {
    const { rows } = query.body as Values
    const inside = firstQuery(rows.flat())
    if (inside !== undefined) {
      report(cx, notSupportedYet('a query in VALUES', inside.span, OF_VALUES))
      return null
    }
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

export function bindRow(
  values: GivenRow,
  positions: readonly number[],
  target: InsertTarget,
  { columns, span }: Pick<Insert, 'columns' | 'span'>,
  cx: BindContext
): Expr[] | null {
  if (values.length !== positions.length) {
    const at = values[0]?.span ?? span
    const taker = columns.length === 0 ? `"${target.name}"` : 'the column list'
    report(cx, columnCount(taker, positions.length, 'the row gives', values.length, at))
    return null
  }
  const row = target.schema.columns.map((column, i) => {
    const at = positions.indexOf(i)
    if (at < 0) return missing(column, target, span, cx)
    const expr = values[at]!.bind()
    return expr === null ? null : assignValue(expr, column, target, cx)
  })
  return row.every(expr => expr !== null) ? row : null
}

/** A literal in quotes takes the column's type, as in PostgreSQL. */
function assignValue(
  expr: Expr,
  column: InsertTarget['schema']['columns'][number],
  target: InsertTarget,
  cx: BindContext
): Expr | null {
  const typed =
    isStringLiteral(expr) || expr.type.kind === 'Null' ? coerce(expr, column.type, cx) : expr
  return typed === null ? null : assign(typed, column, target, cx)
}

function bindUpdate(update: Update, cx: BindContext): BoundUpdate | null {
  const target = tableOf('UPDATE', update.target, cx)
  if (target === null || refusesQuery(update, cx)) return null
  const context = overTable(target, cx)
  const row = bindAssignments(update, target, context)
  const where = bindWhere(update.where, context)
  if (where === undefined || row === null) return null
  return { kind: 'Update', table: target.name, row, where, span: update.span }
}

const OF_VALUES =
  "The running pipeline takes it: ./pipeline sql 'INSERT ...'. In a script write the value out."

/** Whether a query stands in WHERE, in SET or in VALUES. */
export function holdsQuery(statement: Insert | Update | Delete): boolean {
  return queryIn(statement) !== undefined
}

function queryIn(statement: Insert | Update | Delete): Query | undefined {
  if (statement.kind === 'Insert') {
    const { body } = statement.query
    return body.kind === 'Values' ? firstQuery(body.rows.flat()) : undefined
  }
  const values = statement.kind === 'Update' ? statement.assignments.map(({ value }) => value) : []
  const roots = statement.where === null ? values : [...values, statement.where]
  return firstQuery(roots)
}

function firstQuery(roots: readonly Expression[]): Query | undefined {
  const parts = roots.flatMap(root => [...partsOfExpression(root)])
  return parts.find(part => part.kind === 'Query')
}

/** With a diagnostic: statements of a script are not run as queries are. */
function refusesQuery(statement: Update | Delete, cx: BindContext): boolean {
  const query = queryIn(statement)
  if (query === undefined) return false
  const verb = statement.kind.toUpperCase()
  const hint = `The running pipeline takes it: ./pipeline sql '${verb} ...'. In a script write out which rows are meant.`
  report(cx, notSupportedYet(`a query inside of ${verb} in a script`, query.span, hint))
  return true
}

/** The row as SET makes it; null after a diagnostic. */
export function bindAssignments(
  update: Update,
  target: InsertTarget,
  context: ExprContext
): Expr[] | null {
  const cx = context.bind
  const { schema } = target
  const row: (Expr | null)[] = schema.columns.map((column, i) =>
    makeColumn(i, column, update.target.span)
  )
  const set = new Set<number>()
  for (const { column, value } of update.assignments) {
    const [index] = placeNames([column], schema, cx) ?? []
    const expr = bindExpr(value, context)
    if (index === undefined) return null
    if (set.has(index)) report(cx, columnSetTwice(column.name, column.span))
    set.add(index)
    row[index] = expr === null ? null : assignValue(expr, schema.columns[index]!, target, cx)
  }
  return row.every(expr => expr !== null) ? row : null
}

function bindDelete(statement: Delete, cx: BindContext): BoundDelete | null {
  const { where, span } = statement
  const target = tableOf('DELETE', statement.target, cx)
  if (target === null || refusesQuery(statement, cx)) return null
  const condition = bindWhere(where, overTable(target, cx))
  if (condition === undefined) return null
  return { kind: 'Delete', table: target.name, where: condition, span }
}

/** Undefined after a diagnostic; null where there is none. */
function bindWhere(where: Expression | null, cx: ExprContext): Expr | null | undefined {
  return where === null ? null : bindConditions([where], 'WHERE', cx)?.[0]
}

function overTable({ name, schema }: InsertTarget, cx: BindContext): ExprContext {
  return { bind: cx, names: makeNames(name, schema, cx) }
}

/** The table that a statement changes; null after a diagnostic. */
export function tableOf(what: string, name: QualifiedName, cx: BindContext): InsertTarget | null {
  const table = declaredTable(what, name, cx)
  return table === null ? null : bindTarget(table, cx)
}

function declaredTable(
  what: string,
  name: QualifiedName,
  cx: BindContext
): TableDeclaration | null {
  const wanted = name.parts.at(-1)!
  const match = cx.catalog.find(wanted)
  if (match.kind === 'Found' && match.value.kind === 'Table') return match.value
  if (match.kind === 'Found') {
    report(cx, notATable(what, wanted.name, match.value.kind.toLowerCase(), name.span))
  } else {
    const tables = cx.catalog.declarations.filter(isTable).map(table => table.name)
    report(cx, tableNotFound(wanted.name, name.span, tables))
  }
  return null
}

function isTable(declaration: { readonly kind: string }): declaration is TableDeclaration {
  return declaration.kind === 'Table'
}
