import type {
  Expression,
  Query,
  QueryBody,
  Relation,
  Select,
  SetOperation,
  UnnestRelation
} from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type BoundValues, replaceColumns } from '../../ir/index.ts'
import { commonType, showType, TEXT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { coerce } from '../expressions/coerce.ts'
import { matchName } from '../names.ts'
import { isAggregateCall } from './bind-aggregate.ts'
import type { CommonTables } from './with-tables.ts'
import { readableBy } from './bind-relation.ts'
import { bindUniqueItems, renameColumns } from './bind-select.ts'
import { nameOfElement } from './bind-unnest.ts'
import { isUnnestCall } from './bind-unnest-items.ts'
import { bindValues } from './bind-values.ts'
import { makeNames } from './names-in-scope.ts'
import { partsOfExpression } from './walk-expression.ts'

// Queries that read nothing but rows that are written out: VALUES, SELECT without FROM, SELECT from such queries and from
// UNNEST of arrays that are written out, UNION ALL.

/** Queries inside of each other that are looked at: WITH queries that double each other would never end. */
const MOST_QUERIES = 1000

interface Budget {
  left: number
}

/** Whether a query is one of those, so that its rows can be written out when it is compiled. */
export function isWrittenOut(query: Query): boolean {
  return isQueryWrittenOut(query, [], { left: MOST_QUERIES })
}

function isQueryWrittenOut(query: Query, outer: CommonTables, budget: Budget): boolean {
  const { orderBy, limit, offset, emit } = query
  if (orderBy.length > 0 || limit !== null || offset !== null || emit !== null) return false
  return isBodyWrittenOut(query.body, [...query.with, ...outer], budget)
}

function isBodyWrittenOut(body: QueryBody, tables: CommonTables, budget: Budget): boolean {
  if (--budget.left < 0) return false
  switch (body.kind) {
    case 'Values':
      return true
    case 'NestedQuery':
      return isQueryWrittenOut(body.query, tables, budget)
    case 'SetOperation': {
      const isUnionAll = body.operator === 'UNION' && body.all
      return (
        isUnionAll && [body.left, body.right].every(side => isBodyWrittenOut(side, tables, budget))
      )
    }
    case 'Select': {
      const { distinct, groupBy, having, where, from, items } = body
      const isPlain =
        !distinct &&
        groupBy.length === 0 &&
        having === null &&
        where === null &&
        items.every(({ expression }) => readsOnlyItsRow(expression))
      return (
        isPlain && from.length < 2 && from.every(one => isSourceWrittenOut(one, tables, budget))
      )
    }
  }
}

/** Whether an expression needs and makes no other rows: no aggregate, window function, query or UNNEST. */
function readsOnlyItsRow(expression: Expression): boolean {
  return [...partsOfExpression(expression)].every(part => {
    if (part.kind !== 'Call') return part.kind !== 'Query'
    return part.over === null && !isAggregateCall(part) && !isUnnestCall(part)
  })
}

interface Source {
  readonly query: Query
  readonly tables: CommonTables
  /** Lists of names for its columns, each over those before it. */
  readonly columns: readonly Parameters<typeof renameColumns>[2][]
  readonly name: string | null
}

function isSourceWrittenOut(relation: Relation, tables: CommonTables, budget: Budget): boolean {
  const source = queryOf(relation, tables)
  return source !== null && isQueryWrittenOut(source.query, source.tables, budget)
}

/** The query that a relation reads; null: it is something else. */
function queryOf(relation: Relation, tables: CommonTables): Source | null {
  if (relation.kind === 'DerivedRelation') {
    const { query, alias } = relation
    return { query, tables, columns: [alias?.columns ?? []], name: alias?.name.name ?? null }
  }
  if (relation.kind === 'UnnestRelation') return writtenElements(relation, tables)
  if (relation.kind !== 'TableRelation' || relation.name.parts.length > 1) return null
  const { alias, name } = relation
  const common = matchName(name.parts[0]!, tables, table => table.name.name)
  if (common.kind !== 'Found') return null
  const { query, columns } = common.value
  return {
    query,
    tables: readableBy(common.value, tables),
    columns: [columns, alias?.columns ?? []],
    name: alias?.name.name ?? common.value.name.name
  }
}

/** UNNEST of arrays that list their elements, as the VALUES that it is; null: it is of other arrays. */
function writtenElements(
  { args, withOrdinality, alias, span }: UnnestRelation,
  tables: CommonTables
): Source | null {
  const lists = args.flatMap(arg => (arg.kind === 'ArrayConstructor' ? [arg.items] : []))
  const count = Math.max(...lists.map(items => items.length))
  const all = lists.flat()
  // The fields of rows become columns: see bindUnnest.
  const isPlain = all.every(item => item.kind !== 'RowConstructor' && readsOnlyItsRow(item))
  if (lists.length < args.length || count === 0 || !isPlain) return null
  const rows = Array.from({ length: count }, (_, i): Expression[] => [
    ...lists.map(items => items[i] ?? ({ kind: 'NullLiteral', span } as const)),
    ...(withOrdinality ? [{ kind: 'NumberLiteral', text: String(i + 1), span } as const] : [])
  ])
  const bare = { with: [], orderBy: [], limit: null, offset: null, emit: null } as const
  const query: Query = { kind: 'Query', span, body: { kind: 'Values', rows, span }, ...bare }
  const names = [...lists.map((_, i) => nameOfElement(i)), 'ordinality']
  if (lists.length === 1 && alias !== null) names[0] = alias.name.name
  const columns = names
    .slice(0, rows[0]!.length)
    .map(name => ({ kind: 'Identifier', name, quoted: true, span }) as const)
  const name = alias?.name.name ?? 'unnest'
  return { query, tables, columns: [columns, alias?.columns ?? []], name }
}

/** The rows of such a query; null after a diagnostic. */
export function bindWrittenOut(
  query: Query,
  outer: CommonTables,
  cx: BindContext
): BoundValues | null {
  return bindBody(query.body, [...query.with, ...outer], cx)
}

function bindBody(body: QueryBody, tables: CommonTables, cx: BindContext): BoundValues | null {
  switch (body.kind) {
    case 'Values':
      return bindValues(body, cx)
    case 'NestedQuery':
      return bindWrittenOut(body.query, tables, cx)
    case 'SetOperation':
      return bindUnion(body, tables, cx)
    case 'Select':
      return bindSelect(body, tables, cx)
  }
}

/** Each row through the select list. */
function bindSelect(select: Select, tables: CommonTables, cx: BindContext): BoundValues | null {
  const [from] = select.from
  const source = from === undefined ? null : queryOf(from, tables)!
  const given = source === null ? noColumns : bindWrittenOut(source.query, source.tables, cx)
  if (given === null) return null
  let schema: BoundValues['schema'] | null = given.schema
  for (const columns of source?.columns ?? []) {
    schema = schema === null ? null : renameColumns('the table', schema, columns, cx)
  }
  if (schema === null) return null
  const names = makeNames(source?.name ?? null, schema, cx)
  const items = bindUniqueItems(select.items, names, { bind: cx, names })
  if (items === null) return null
  const rows = given.rows.map(row =>
    items.map(({ expr }) => replaceColumns(expr, index => row[index]!))
  )
  const columns = items.map(({ name, expr }) => ({
    name,
    type: expr.type,
    nullable: expr.nullable
  }))
  return { kind: 'Values', rows, schema: { columns }, span: select.span }
}

/** One row without columns: what SELECT without FROM reads. */
export const noColumns: Pick<BoundValues, 'rows' | 'schema'> = {
  rows: [[]],
  schema: { columns: [] }
}

function bindUnion(
  { left, right, span }: SetOperation,
  tables: CommonTables,
  cx: BindContext
): BoundValues | null {
  const [first, second] = [bindBody(left, tables, cx), bindBody(right, tables, cx)]
  if (first === null || second === null) return null
  const [wanted, found] = [first, second].map(({ schema }) => schema.columns.length)
  if (wanted !== found) {
    report(cx, columnCount('the first query', wanted!, 'this one', found!, second.span))
    return null
  }
  const columns = first.schema.columns.map((column, i) => {
    const other = second.schema.columns[i]!
    const type = commonType(column.type, other.type)
    if (type === null) {
      const types = [showType(column.type), showType(other.type)]
      report(cx, noCommonType(`the columns "${column.name}" of UNION ALL`, types, span))
    }
    const nullable = column.nullable || other.nullable
    return type === null
      ? null
      : { name: column.name, type: type.kind === 'Null' ? TEXT : type, nullable }
  })
  if (!columns.every(column => column !== null)) return null
  const rows = [...first.rows, ...second.rows].map(row =>
    row.map((expr, i) => coerce(expr, columns[i]!.type, cx) ?? expr)
  )
  return { kind: 'Values', rows, schema: { columns }, span }
}
