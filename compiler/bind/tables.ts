import type { ColumnDefinition, CreateTable, Identifier, Insert, Query } from '../ast/index.ts'
import {
  columnCount,
  columnNotFound,
  columnsDisagree,
  duplicateColumn,
  notSupportedYet,
  nullForNotNull
} from '../diagnostics/bind.ts'
import { notAssignable } from '../diagnostics/bind-expressions.ts'
import {
  type BoundQuery,
  type BoundSelect,
  type Expr,
  makeCast,
  makeColumn,
  makeLiteral
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import {
  canCast,
  type Column,
  isAssignable,
  type RowType,
  sameType,
  showRowType,
  showType
} from '../types/index.ts'
import type { TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { matchName } from './names.ts'
import { bindQuery } from './queries/bind-query.ts'
import { bindType } from './type-name.ts'

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
    if (element.kind === 'PrimaryKey' || element.primaryKey) {
      report(cx, notSupportedYet('PRIMARY KEY', element.span))
      return null
    }
    const { name, notNull } = element
    if (columns.some(column => column.name === name.name)) {
      report(cx, duplicateColumn(name.name, name.span, 'declaration'))
    }
    refuseClauses(element, cx)
    const type = bindType(element.type, cx)
    if (type === null) complete = false
    else columns.push({ name: name.name, type, nullable: !notNull })
  }
  return complete ? { columns } : null
}

function refuseClauses({ defaultValue, path, metadata }: ColumnDefinition, cx: BindContext): void {
  const clauses = { DEFAULT: defaultValue, PATH: path, METADATA: metadata }
  for (const [clause, node] of Object.entries(clauses)) {
    if (node !== null) report(cx, notSupportedYet(`${clause} of a table column`, node.span))
  }
}

/** An INSERT's query with exactly the columns of its target; null after a diagnostic. */
export function bindInsertQuery(
  { query, columns: names }: Pick<Insert, 'query' | 'columns'>,
  target: {
    readonly kind: 'table' | 'sink'
    readonly name: string
    readonly schema: RowType
    readonly isDeclared: boolean
    /** What gave it its columns. */
    readonly span: Span
  },
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
  return select(
    bound,
    schema,
    schema.columns.map((_, i) => column(bound, i))
  )
}

/** By position, or by the names that the INSERT lists; columns that it leaves out are NULL. */
function assignColumns(
  query: BoundQuery,
  names: readonly Identifier[],
  { name, schema }: { readonly name: string; readonly schema: RowType },
  cx: BindContext
): BoundQuery | null {
  const found = query.schema.columns.length
  const wanted = names.length === 0 ? schema.columns.length : names.length
  if (found !== wanted) {
    const taker = names.length === 0 ? `"${name}"` : 'the column list'
    report(cx, columnCount(taker, wanted, 'the query gives', found, query.span))
    return null
  }
  const positions =
    names.length === 0 ? schema.columns.map((_, i) => i) : placeNames(names, schema, cx)
  if (positions === null) return null
  const exprs = schema.columns.map((target, i) => {
    const at = positions.indexOf(i)
    return at < 0 ? missing(target, name, query, cx) : assign(column(query, at), target, name, cx)
  })
  return exprs.every(expr => expr !== null) ? select(query, schema, exprs) : null
}

function placeNames(
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

function missing(target: Column, table: string, query: BoundQuery, cx: BindContext): Expr | null {
  if (target.nullable) return makeLiteral(null, target.type, query.span)
  report(cx, nullForNotNull(target.name, table, 'the INSERT leaves it out', query.span))
  return null
}

function assign(expr: Expr, target: Column, table: string, cx: BindContext): Expr | null {
  if (!isAssignable(expr.type, target.type)) {
    const [from, to] = [showType(expr.type), showType(target.type)]
    report(cx, notAssignable(target.name, from, to, canCast(expr.type, target.type), expr.span))
    return null
  }
  if (expr.nullable && !target.nullable) {
    report(cx, nullForNotNull(target.name, table, 'the query may give NULL', expr.span))
    return null
  }
  return sameType(expr.type, target.type) ? expr : makeCast(expr, target.type, false, expr.span)
}

function column(query: BoundQuery, index: number): Expr {
  return makeColumn(index, query.schema.columns[index]!, itemSpan(query, index))
}

/** Where the select list makes a column; of a union, in its first query. */
function itemSpan(query: BoundQuery, index: number): Span {
  const first = query.kind === 'Select' ? query : query.inputs[0]!
  return first.kind === 'Select' ? first.items[index]!.expr.span : first.span
}

function select(query: BoundQuery, schema: RowType, exprs: readonly Expr[]): BoundQuery {
  const same = query.schema.columns.every(
    ({ name }, i) => name === schema.columns[i]?.name && exprs[i]?.kind === 'Column'
  )
  if (same && exprs.length === query.schema.columns.length) return query
  const items = exprs.map((expr, i) => ({ name: schema.columns[i]!.name, expr }))
  const from = { kind: 'Derived', name: '', query, schema: query.schema, span: query.span } as const
  return {
    kind: 'Select',
    from,
    where: null,
    items,
    schema,
    span: query.span
  } satisfies BoundSelect
}
