import type { QueryBody, SetOperation } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type BatchInput, type BatchQuery, makeColumn } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type Column, commonType, type RowType, sameType, showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { coerce } from '../expressions/coerce.ts'
import { bindBatchQuery } from './bind-batch-query.ts'
import type { CommonTables } from './with-tables.ts'
import { bindValues } from './bind-values.ts'

/** VALUES, a set operation or a query in parentheses as something to read; null after a diagnostic. */
export function bindBatchBody(
  body: Exclude<QueryBody, { kind: 'Select' }>,
  tables: CommonTables,
  cx: BindContext
): BatchInput | null {
  switch (body.kind) {
    case 'Values': {
      const values = bindValues(body, cx)
      return values === null ? null : { kind: 'Values', rows: values.rows, schema: values.schema }
    }
    case 'NestedQuery':
      return inputOf(bindBatchQuery(body.query, tables, cx))
    case 'SetOperation':
      return bindSetOperation(body, tables, cx)
  }
}

function inputOf(query: BatchQuery | null): BatchInput | null {
  return query === null ? null : { kind: 'Query', query, schema: query.schema }
}

function bindSide(body: QueryBody, tables: CommonTables, cx: BindContext): BatchQuery | null {
  const { span } = body
  const bare = { with: [], orderBy: [], limit: null, offset: null, emit: null } as const
  return bindBatchQuery({ kind: 'Query', span, body, ...bare }, tables, cx)
}

/** Set operations nest to the left, thousands of them perhaps: they are bound from the inside out. */
function bindSetOperation(
  root: SetOperation,
  tables: CommonTables,
  cx: BindContext
): BatchInput | null {
  const operations: SetOperation[] = []
  let first: QueryBody = root
  for (; first.kind === 'SetOperation'; first = first.left) operations.push(first)
  let left = bindSide(first, tables, cx)
  let input: BatchInput | null = null
  for (const operation of operations.toReversed()) {
    const right = bindSide(operation.right, tables, cx)
    input = left === null || right === null ? null : combine(left, right, operation, cx)
    if (input === null) return null
    left = queryOver(input, operation.span)
  }
  return input
}

function combine(
  left: BatchQuery,
  right: BatchQuery,
  { operator, all, span }: SetOperation,
  cx: BindContext
): BatchInput | null {
  const [wanted, found] = [left.schema.columns.length, right.schema.columns.length]
  if (wanted !== found) {
    report(cx, columnCount('the first query', wanted, 'this one', found, right.span))
    return null
  }
  const columns = left.schema.columns.map((column, i) =>
    commonColumn(operator, column, right.schema.columns[i]!, span, cx)
  )
  if (!columns.every(column => column !== null)) return null
  const schema = { columns }
  const sides = { left: castTo(left, schema, cx), right: castTo(right, schema, cx) }
  return { kind: 'SetOperation', operator, all, ...sides, schema }
}

function commonColumn(
  operator: string,
  left: Column,
  right: Column,
  span: Span,
  cx: BindContext
): Column | null {
  const type = commonType(left.type, right.type)
  if (type === null) {
    const types = [left, right].map(column => showType(column.type))
    report(cx, noCommonType(`the columns "${left.name}" of ${operator}`, types, span))
    return null
  }
  return { name: left.name, type, nullable: left.nullable || right.nullable }
}

/** The query with its columns cast to those of `schema`, to which they are known to coerce. */
function castTo(query: BatchQuery, schema: RowType, cx: BindContext): BatchQuery {
  const same = query.schema.columns.every((column, i) =>
    sameType(column.type, schema.columns[i]!.type)
  )
  if (same) return query
  const input = inputOf(query)!
  const items = query.schema.columns.map((column, i) => {
    const expr = makeColumn(i, column, query.span)
    return coerce(expr, schema.columns[i]!.type, cx) ?? expr
  })
  return { ...queryOver(input, query.span), items, schema }
}

/** The rows of an input as they are. */
export function queryOver(input: BatchInput, span: Span): BatchQuery {
  const { schema } = input
  const items = schema.columns.map((column, i) => makeColumn(i, column, span))
  const plain = { grouping: null, distinct: false, orderBy: [] } as const
  return Object.freeze({ input, ...plain, items, limit: null, offset: 0, schema, span })
}
