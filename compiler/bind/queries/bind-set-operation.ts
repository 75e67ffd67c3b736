import type { QueryBody, SetOperation } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import {
  type BoundQuery,
  type BoundRelation,
  type BoundSelect,
  type BoundUnionAll,
  type Expr,
  makeAnd,
  makeColumn,
  makeLiteral,
  makeSelect
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import {
  BIGINT,
  type Column,
  commonType,
  INT,
  type RowType,
  sameType,
  showType,
  type SqlType
} from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { applyFunction } from '../expressions/apply-function.ts'
import { bindComparison } from '../expressions/bind-comparison.ts'
import { coerce } from '../expressions/coerce.ts'
import { bindBody } from './bind-query.ts'
import type { CommonTables } from './with-tables.ts'
import { REPEATED, unnestOf } from './bind-unnest.ts'

/** Set operations nest to the left: those that are one operation of several queries are taken together. */
export function bindSetOperation(
  root: SetOperation,
  tables: CommonTables,
  cx: BindContext
): BoundQuery | null {
  const bodies: QueryBody[] = []
  let first: QueryBody = root
  for (; isPartOf(root, first); first = first.left) bodies.push(first.right)
  bodies.push(first)
  const inputs = bodies.reverse().map(body => bindBody(body, tables, cx))
  if (!inputs.every(input => input !== null)) return null
  const all = unite(inputs, root, cx)
  if (all === null) return null
  if (root.operator !== 'UNION') return compare(all, root, cx)
  return root.all ? all : distinctRows(all)
}

/**
 * Of UNION and INTERSECT without ALL it does not matter which of their parts keep duplicates. What is taken away by EXCEPT, and
 * then by another, is taken away together.
 */
function isPartOf(root: SetOperation, body: QueryBody): body is SetOperation {
  if (body.kind !== 'SetOperation' || body.operator !== root.operator) return false
  return body.all === root.all || (body.all && root.operator !== 'EXCEPT')
}

/** INTERSECT and EXCEPT count how often each row is on each side, as groups of all rows; NULL equals NULL there. */
function compare(
  { inputs, schema, span }: BoundUnionAll,
  { operator, all }: SetOperation,
  cx: BindContext
): BoundSelect | null {
  const sides = inputs.map((_, i) => (operator === 'EXCEPT' ? Math.min(i, 1) : i))
  const side: Column = { name: 'side', type: INT, nullable: false }
  const width = schema.columns.length
  const tagged: BoundUnionAll = {
    kind: 'UnionAll',
    inputs: inputs.map((input, i) => withSide(input, makeLiteral(sides[i]!, INT, span), side)),
    schema: { columns: [...schema.columns, side] },
    span
  }
  const from = derived(tagged)
  const keys = columnsOf(schema, span)
  const tag = makeColumn(width, side, span)
  const aggregates = [...new Set(sides)].map(at => {
    const filter = bindComparison('equal', tag, makeLiteral(at, INT, span), span, cx)
    const count = { name: 'count', args: [], orderBy: [], fraction: null, distinct: false } as const
    return { ...count, filter, type: BIGINT, nullable: false, span }
  })
  const counts = aggregates.map((call, i) => makeColumn(width + i, call, span))
  const grouping = { keys, sets: null, aggregates, session: null }
  if (!all) {
    const having = isKept(operator, counts, span, cx)
    if (having === null) return null
    const plain = makeSelect(from, namedItems(keys), schema, span)
    return Object.freeze({ ...plain, grouping: { ...grouping, having } })
  }
  const times = timesKept(operator, counts, span, cx)
  if (times === null) return null
  const items = [...namedItems(keys), { name: 'times', expr: times }]
  const { type, nullable } = times
  const columns = [...schema.columns, { name: 'times', type, nullable }]
  const groups = makeSelect(from, items, { columns }, span)
  return repeatRows({ ...groups, grouping: { ...grouping, having: null } }, schema, cx)
}

/** Whether a row is in the result, by how often it is on each side; null after a diagnostic. */
function isKept(
  operator: SetOperation['operator'],
  counts: readonly Expr[],
  span: Span,
  cx: BindContext
): Expr | null {
  const zero = makeLiteral(0, INT, span)
  const tests = counts.map((count, i) =>
    bindComparison(operator === 'EXCEPT' && i > 0 ? 'equal' : 'greater', count, zero, span, cx)
  )
  return tests.every(test => test !== null) ? makeAnd(tests, span) : null
}

/** How often a row is in the result, or less than once where it is not; null after a diagnostic. */
function timesKept(
  operator: SetOperation['operator'],
  counts: readonly Expr[],
  span: Span,
  cx: BindContext
): Expr | null {
  return applyFunction(operator === 'EXCEPT' ? 'subtract' : 'least', counts, span, cx)
}

/** Each group as often as its last column says, without that column; null after a diagnostic. */
function repeatRows(groups: BoundSelect, schema: RowType, cx: BindContext): BoundSelect | null {
  const { span } = groups
  const { columns } = groups.schema
  const times = makeColumn(columns.length - 1, columns.at(-1)!, span)
  const array = applyFunction('sequence', [makeLiteral(1, INT, span), times], span, cx)
  if (array === null) return null
  const element: Column = { name: REPEATED, type: BIGINT, nullable: false }
  const from = unnestOf(derived(groups), { array, join: 'INNER', columns: [element] }, span)
  return makeSelect(from, namedItems(columnsOf(schema, span)), schema, span)
}

/** The rows with which side they are of behind them. */
function withSide(query: BoundQuery, tag: Expr, side: Column): BoundSelect {
  const { schema, span } = query
  const items = [...namedItems(columnsOf(schema, span)), { name: side.name, expr: tag }]
  return makeSelect(derived(query), items, { columns: [...schema.columns, side] }, span)
}

function derived(query: BoundQuery): BoundRelation {
  return { kind: 'Derived', name: '', query, schema: query.schema, span: query.span }
}

function columnsOf({ columns }: RowType, span: Span) {
  return columns.map((column, i) => makeColumn(i, column, span))
}

function namedItems(columns: ReturnType<typeof columnsOf>): BoundSelect['items'] {
  return columns.map(expr => ({ name: expr.name, expr }))
}

/** The rows of a query, each once: groups by all columns. */
export function distinctRows(query: BoundQuery): BoundQuery {
  const { schema, span } = query
  const keys = columnsOf(schema, span)
  const grouping = { keys, sets: null, aggregates: [], having: null, session: null }
  return Object.freeze({ ...makeSelect(derived(query), namedItems(keys), schema, span), grouping })
}

/** All rows of the inputs, cast to columns that they have in common; null after a diagnostic. */
function unite(
  inputs: readonly BoundQuery[],
  { operator, all, span }: SetOperation,
  cx: BindContext
): BoundUnionAll | null {
  const first = inputs[0]!.schema
  for (const input of inputs) {
    const [wanted, found] = [first.columns.length, input.schema.columns.length]
    if (wanted === found) continue
    report(cx, columnCount('the first query', wanted, 'this one', found, input.span))
    return null
  }
  const columns = first.columns.map(({ name }, index) => {
    const same = inputs.map(input => input.schema.columns[index]!)
    const type = same.reduce<SqlType | null>(
      (sofar, column) => (sofar === null ? null : commonType(sofar, column.type)),
      same[0]!.type
    )
    if (type === null) {
      const types = [...new Set(same.map(column => showType(column.type)))]
      report(
        cx,
        noCommonType(`the columns "${name}" of ${operator}${all ? ' ALL' : ''}`, types, span)
      )
    }
    return type === null ? null : { name, type, nullable: same.some(column => column.nullable) }
  })
  if (!columns.every(column => column !== null)) return null
  const schema: RowType = { columns }
  return { kind: 'UnionAll', inputs: inputs.map(input => castTo(input, schema, cx)), schema, span }
}

/** The query with its columns cast to those of `schema`, to which they are known to coerce. */
export function castTo(query: BoundQuery, schema: RowType, cx: BindContext): BoundQuery {
  const same = query.schema.columns.every((column, i) => {
    const wanted = schema.columns[i]!
    return column.name === wanted.name && sameType(column.type, wanted.type)
  })
  if (same) return query
  const items = query.schema.columns.map((column, index) => {
    const { name, type } = schema.columns[index]!
    const expr = makeColumn(index, column, query.span)
    return { name, expr: coerce(expr, type, cx) ?? expr }
  })
  return makeSelect(derived(query), items, schema, query.span)
}
