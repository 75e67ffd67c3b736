import type {
  ColumnDefinition,
  CreateTable,
  Identifier,
  Insert,
  Query,
  SchemaElement
} from '../ast/index.ts'
import {
  columnCount,
  columnNotFound,
  columnsDisagree,
  duplicateColumn,
  notSupportedYet,
  nullForNotNull
} from '../diagnostics/bind.ts'
import { notAssignable } from '../diagnostics/bind-expressions.ts'
import { primaryKeyColumn, primaryKeyTwice } from '../diagnostics/bind-tables.ts'
import {
  type BoundQuery,
  type Expr,
  makeCast,
  makeColumn,
  makeLiteral,
  makeSelect
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import {
  canCast,
  type Column,
  isAssignable,
  type RowType,
  sameType,
  showRowType,
  showType,
  type SqlType
} from '../types/index.ts'
import type { TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindExpr } from './expressions/bind-expr.ts'
import { coerce } from './expressions/coerce.ts'
import { matchName } from './names.ts'
import { bindQuery } from './queries/bind-query.ts'
import { fitText, type TextLimit } from './text-limit.ts'
import { bindLimited } from './type-name.ts'

const schemas = new WeakMap<BindContext, Map<TableDeclaration, RowType | null>>()

/** A table's columns: declared, of its CREATE TABLE AS, else of the INSERTs that make it. Null after a diagnostic. */
export function tableSchema(table: TableDeclaration, cx: BindContext): RowType | null {
  const known = schemas.get(cx) ?? new Map<TableDeclaration, RowType | null>()
  schemas.set(cx, known)
  const seen = known.get(table)
  if (seen !== undefined) return seen
  const schema = findSchema(table, cx)
  known.set(table, schema)
  return schema
}

function findSchema({ statement, inserts }: TableDeclaration, cx: BindContext): RowType | null {
  if (statement?.kind === 'CreateTable') return declaredSchema(statement, cx)
  const own = statement === null ? [] : [statement.query]
  const queries = [...own, ...inserts.map(insert => insert.query)]
  const [first] = queries
  const bound = first === undefined ? null : bindQuery(first, [], cx)
  if (bound === null) return null
  const named = statement === null ? inserts[0]!.columns : []
  return orWithNulls(nameColumns(bound, named, cx), queries.slice(1), cx)
}

/** A column that another INSERT may leave NULL is nullable for all. */
function orWithNulls(
  schema: RowType | null,
  others: readonly Query[],
  cx: BindContext
): RowType | null {
  if (schema === null) return null
  const bound = others.map(query => bindQuery(query, [], cx))
  return {
    columns: schema.columns.map((column, i) => ({
      ...column,
      nullable: column.nullable || bound.some(query => query?.schema.columns[i]?.nullable === true)
    }))
  }
}

/** A query's columns under the names that an INSERT lists; null after a diagnostic. */
export function nameColumns(
  query: BoundQuery,
  names: readonly Identifier[],
  cx: BindContext
): RowType | null {
  if (names.length === 0) return query.schema
  if (names.length !== query.schema.columns.length) {
    const found = query.schema.columns.length
    report(cx, columnCount('the column list', names.length, 'the query gives', found, query.span))
    return null
  }
  return { columns: query.schema.columns.map((column, i) => ({ ...column, name: names[i]!.name })) }
}

function declaredSchema({ elements }: CreateTable, cx: BindContext): RowType | null {
  const columns: Column[] = []
  let complete = true
  for (const element of elements) {
    if (element.kind === 'PrimaryKey') continue
    const { name, notNull } = element
    if (columns.some(column => column.name === name.name)) {
      report(cx, duplicateColumn(name.name, name.span, 'declaration'))
    }
    refuseClauses(element, cx)
    const type = bindLimited(element.type, cx)?.type
    if (type === undefined) complete = false
    else {
      columns.push({ name: name.name, type, nullable: !notNull })
      // Also one that every INSERT overrides has to be right.
      bindDefault(element, type, cx)
    }
  }
  if (!complete) return null
  keyOfElements(elements, columns, cx)
  return { columns }
}

/** What tells the rows of a table apart. */
export interface DeclaredKey {
  /** Indexes of its columns. */
  readonly columns: readonly number[]
  /** Whether NULL is a value of it as any other: UNIQUE NULLS NOT DISTINCT, and no PRIMARY KEY. */
  readonly nulls: boolean
}

/** Null: a table that has none. */
export function tableKey(table: TableDeclaration, cx: BindContext): DeclaredKey | null {
  const { statement } = table
  const schema = tableSchema(table, cx)
  if (statement?.kind !== 'CreateTable' || schema === null) return null
  return keyOfElements(statement.elements, schema.columns, cx)
}

/** The key of a table's or a source's columns, written behind one of them or after them; null where there is none. */
export function keyOfElements(
  elements: readonly SchemaElement[],
  columns: readonly Pick<Column, 'name'>[],
  cx: BindContext
): DeclaredKey | null {
  const keys = elements.flatMap(element => {
    const { kind, span } = element
    if (kind === 'PrimaryKey') return [{ names: element.columns, nulls: element.nulls, span }]
    const isKey = kind === 'ColumnDefinition' && element.primaryKey
    return isKey ? [{ names: [element.name], nulls: false, span }] : []
  })
  const [first, second] = keys
  if (first === undefined) return null
  if (second !== undefined) report(cx, primaryKeyTwice(second.span, first.span))
  const found = first.names.flatMap(name => {
    const match = matchName(name, columns, column => column.name)
    if (match.kind === 'Found') return [columns.indexOf(match.value)]
    const names = columns.map(column => column.name)
    report(cx, primaryKeyColumn(name.name, name.span, names))
    return []
  })
  return { columns: [...new Set(found)], nulls: first.nulls }
}

export function hasKey({ statement }: TableDeclaration): boolean {
  if (statement?.kind !== 'CreateTable') return false
  return statement.elements.some(element => element.kind === 'PrimaryKey' || element.primaryKey)
}

/** Whether rows can get into a table: by the script, or later by statements on the running pipeline. */
export function canBeFilled(table: TableDeclaration): boolean {
  const { statement, inserts } = table
  return inserts.length > 0 || statement?.kind === 'CreateTableAs' || hasKey(table)
}

/** What a column of a declared table holds where an INSERT leaves it out; null: NULL. */
export function tableDefault(
  table: TableDeclaration,
  column: Column,
  cx: BindContext
): Expr | null {
  const definition = definitionOf(table, column)
  const value = definition === null ? null : bindDefault(definition, column.type, cx)
  const limit = definition === null ? null : limitOf(definition, cx)
  return value === null || limit === null ? value : fitText(value, limit, cx)
}

/** How long the texts in a column of a declared table may be; null: as they are. */
export function tableLimit(
  table: TableDeclaration,
  column: Column,
  cx: BindContext
): TextLimit | null {
  const definition = definitionOf(table, column)
  return definition === null ? null : limitOf(definition, cx)
}

/** Only of types that are right: what is wrong has been told with the table's columns. */
function limitOf({ type }: ColumnDefinition, cx: BindContext): TextLimit | null {
  return bindLimited(type, cx)?.limit ?? null
}

function definitionOf(
  { statement }: TableDeclaration,
  { name }: Pick<Column, 'name'>
): ColumnDefinition | null {
  if (statement?.kind !== 'CreateTable') return null
  const found = statement.elements.find(
    element => element.kind === 'ColumnDefinition' && element.name.name === name
  )
  return found?.kind === 'ColumnDefinition' ? found : null
}

/** Null where there is none, and after a diagnostic. */
function bindDefault(
  { defaultValue }: ColumnDefinition,
  type: SqlType,
  cx: BindContext
): Expr | null {
  if (defaultValue === null) return null
  const expr = bindExpr(defaultValue, { bind: cx, names: null })
  return expr === null ? null : coerce(expr, type, cx)
}

function refuseClauses({ path, metadata }: ColumnDefinition, cx: BindContext): void {
  const clauses = { PATH: path, METADATA: metadata }
  for (const [clause, node] of Object.entries(clauses)) {
    const hint = 'Read it from a record in the SCHEMA of a source, and insert it into the table.'
    if (node !== null) report(cx, notSupportedYet(`${clause} of a table column`, node.span, hint))
  }
}

export interface InsertTarget {
  readonly kind: 'table' | 'sink'
  readonly name: string
  readonly schema: RowType
  /** Whether its columns were declared: an INSERT may then name some of them, in any order. */
  readonly isDeclared: boolean
  /** For a column that an INSERT leaves out; null: NULL. */
  readonly defaultOf: (column: Column) => Expr | null
  /** How long the texts in a column may be; null: as they are. */
  readonly limitOf: (column: Column) => TextLimit | null
  /** What gave it its columns. */
  readonly span: Span
}

/** An INSERT's query with exactly the columns of its target; null after a diagnostic. */
export function bindInsertQuery(
  { query, columns: names }: Pick<Insert, 'query' | 'columns'>,
  target: InsertTarget,
  cx: BindContext
): BoundQuery | null {
  const bound = bindQuery(query, [], cx)
  if (bound === null) return null
  const { schema } = target
  if (target.isDeclared) return assignColumns(bound, names, target, cx)
  const own = nameColumns(bound, names, cx)
  if (own === null) return null
  const agrees =
    own.columns.length === schema.columns.length &&
    own.columns.every((column, i) => {
      const wanted = schema.columns[i]!
      return column.name === wanted.name && sameType(column.type, wanted.type)
    })
  if (!agrees) {
    const [here, there] = [showRowType(own), showRowType(schema)]
    report(cx, columnsDisagree(target, here, there, bound.span, target.span))
    return null
  }
  // Whether a column may be NULL is for each query to say: together they are what the target holds.
  return select(
    bound,
    own,
    own.columns.map((_, i) => column(bound, i))
  )
}

function assignColumns(
  query: BoundQuery,
  names: readonly Identifier[],
  target: InsertTarget,
  cx: BindContext
): BoundQuery | null {
  const { schema, span } = query
  const given = { columns: schema.columns.map((_, i) => column(query, i)), span }
  const exprs = assignAll(given, names, target, cx)
  return exprs === null ? null : select(query, target.schema, exprs)
}

/** What a query gives, column by column. */
export interface Given {
  readonly columns: readonly Expr[]
  readonly span: Span
}

/**
 * The target's columns, by position or by the names that the INSERT lists; those that it leaves out get their default. Null after a
 * diagnostic.
 */
export function assignAll(
  { columns, span }: Given,
  names: readonly Identifier[],
  target: InsertTarget,
  cx: BindContext
): readonly Expr[] | null {
  const { name, schema } = target
  const found = columns.length
  const wanted = names.length === 0 ? schema.columns.length : names.length
  if (found !== wanted) {
    const taker = names.length === 0 ? `"${name}"` : 'the column list'
    report(cx, columnCount(taker, wanted, 'the query gives', found, span))
    return null
  }
  const positions =
    names.length === 0 ? schema.columns.map((_, i) => i) : placeNames(names, schema, cx)
  if (positions === null) return null
  const exprs = schema.columns.map((wanted, i) => {
    const at = positions.indexOf(i)
    return at < 0 ? missing(wanted, target, span, cx) : assign(columns[at]!, wanted, target, cx)
  })
  return exprs.every(expr => expr !== null) ? exprs : null
}

/** The columns that an INSERT lists, as indexes; null after a diagnostic. */
export function placeNames(
  names: readonly Identifier[],
  schema: RowType,
  cx: BindContext
): number[] | null {
  const places = names.map(name => {
    const match = matchName(name, schema.columns, candidate => candidate.name)
    if (match.kind === 'Found') return schema.columns.indexOf(match.value)
    report(
      cx,
      columnNotFound(
        name.name,
        name.span,
        schema.columns.map(candidate => candidate.name)
      )
    )
    return -1
  })
  return places.includes(-1) ? null : places
}

/** What a column gets that an INSERT leaves out; null after a diagnostic. */
export function missing(
  column: Column,
  { name, defaultOf }: InsertTarget,
  span: Span,
  cx: BindContext
): Expr | null {
  const usual = defaultOf(column)
  if (usual !== null) return usual
  if (column.nullable) return makeLiteral(null, column.type, span)
  report(cx, nullForNotNull(column.name, name, 'the INSERT leaves it out', span))
  return null
}

/** A value as one of a column, by PostgreSQL's assignment casts; null after a diagnostic. */
export function assign(
  expr: Expr,
  target: Column,
  { name: table, limitOf }: InsertTarget,
  cx: BindContext
): Expr | null {
  if (!isAssignable(expr.type, target.type)) {
    const [from, to] = [showType(expr.type), showType(target.type)]
    report(cx, notAssignable(target.name, from, to, canCast(expr.type, target.type), expr.span))
    return null
  }
  if (expr.nullable && !target.nullable) {
    report(cx, nullForNotNull(target.name, table, 'the query may give NULL', expr.span))
    return null
  }
  const cast = sameType(expr.type, target.type)
    ? expr
    : makeCast(expr, target.type, false, expr.span)
  const limit = limitOf(target)
  return limit === null ? cast : fitText(cast, limit, cx)
}

function column(query: BoundQuery, index: number): Expr {
  return makeColumn(index, query.schema.columns[index]!, itemSpan(query, index))
}

/** Where the select list makes a column; of a union, in its first query. */
function itemSpan(query: BoundQuery, index: number): Span {
  const first = query.kind === 'UnionAll' ? query.inputs[0]! : query
  return first.kind === 'Select' ? first.items[index]!.expr.span : first.span
}

function select(query: BoundQuery, schema: RowType, exprs: readonly Expr[]): BoundQuery {
  const same = query.schema.columns.every(
    ({ name }, i) => name === schema.columns[i]?.name && exprs[i]?.kind === 'Column'
  )
  if (same && exprs.length === query.schema.columns.length) return query
  const items = exprs.map((expr, i) => ({ name: schema.columns[i]!.name, expr }))
  const from = { kind: 'Derived', name: '', query, schema: query.schema, span: query.span } as const
  return makeSelect(from, items, schema, query.span)
}
