import type { CommonTable, Query, QueryBody, SetOperation } from '../../ast/index.ts'
import { columnCount, notSupportedYet } from '../../diagnostics/bind.ts'
import { emitNeedsGroups } from '../../diagnostics/bind-groups.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import {
  type BoundEmission,
  type BoundQuery,
  type BoundSelect,
  makeColumn,
  makeSelect,
  placeBounds,
  splitConjuncts
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { commonType, type RowType, sameType, showType, type SqlType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { coerce } from '../expressions/coerce.ts'
import { hasTail } from './bind-batch-query.ts'
import { bindLimited } from './bind-limit.ts'
import { bindSelect } from './bind-select.ts'
import { bindValues } from './bind-values.ts'
import { bindWrittenOut, isWrittenOut } from './written-rows.ts'

/** WITH names that a query may read, inner ones first. */
export type CommonTables = readonly CommonTable[]

/** A query, bound once however often it is read, so that its errors are said once; null after a diagnostic. */
export function bindQuery(query: Query, outer: CommonTables, cx: BindContext): BoundQuery | null {
  const known = cx.queries.get(query)
  if (known !== undefined) return known
  const tables = [...query.with, ...outer]
  const body = isWrittenOut(query)
    ? bindWrittenOut(query, outer, cx)
    : hasTail(query)
      ? bindLimited(query, tables, cx)
      : bindBody(query.body, tables, cx)
  const bound = body === null ? null : withEmission(body, query.emit, cx)
  cx.queries.set(query, bound)
  return bound
}

/** EMIT says when the groups of a SELECT are told, or its first places. */
function withEmission(body: BoundQuery, emit: Query['emit'], cx: BindContext): BoundQuery | null {
  if (emit === null) return body
  const { mode, span } = emit
  const emitted = body.kind === 'Select' ? emitWith(body, { mode, span }) : null
  if (emitted !== null) return emitted
  // A query without groups tells its changes as they come anyway.
  if (mode === 'CHANGES') return body
  report(cx, emitNeedsGroups(span))
  return null
}

/** Null: there is nothing to close. */
function emitWith(select: BoundSelect, emission: BoundEmission): BoundSelect | null {
  const { from, where, grouping } = select
  const conditions = where === null ? [] : splitConjuncts(where)
  const isPlaced = placeBounds(conditions, from).places.size > 0
  if (grouping !== null || isPlaced) return { ...select, emission }
  if (from.kind !== 'Over' || from.input.kind !== 'Derived') return null
  // Window functions over groups: the groups are those of the same query.
  const { query } = from.input
  const inner = query.kind === 'Select' ? emitWith(query, emission) : null
  return inner && { ...select, from: { ...from, input: { ...from.input, query: inner } } }
}

export function bindBody(
  body: QueryBody,
  tables: CommonTables,
  cx: BindContext
): BoundQuery | null {
  switch (body.kind) {
    case 'Select': {
      const bound = bindSelect(body, tables, cx)
      return bound !== null && body.distinct ? distinctRows(bound) : bound
    }
    case 'NestedQuery':
      return bindQuery(body.query, tables, cx)
    case 'Values':
      return bindValues(body, cx)
    case 'SetOperation':
      return bindUnion(body, tables, cx)
  }
}

/** UNION nests to the left: its inputs in one list. Without ALL it does not matter which of them keep duplicates. */
function bindUnion(root: SetOperation, tables: CommonTables, cx: BindContext): BoundQuery | null {
  const bodies: QueryBody[] = []
  const stack: QueryBody[] = [root.right, root.left]
  if (root.operator !== 'UNION') {
    report(cx, notSupportedYet(root.operator, root.span))
    return null
  }
  for (let body = stack.pop(); body !== undefined; body = stack.pop()) {
    if (isPartOf(root, body)) stack.push(body.right, body.left)
    else bodies.push(body)
  }
  const inputs = bodies.map(body => bindBody(body, tables, cx))
  if (!inputs.every(input => input !== null)) return null
  const all = unite(inputs, root.span, cx)
  return all === null || root.all ? all : distinctRows(all)
}

function isPartOf(root: SetOperation, body: QueryBody): body is SetOperation {
  if (body.kind !== 'SetOperation' || body.operator !== 'UNION') return false
  return body.all || !root.all
}

/** The rows of a query, each once: groups by all columns. */
function distinctRows(query: BoundQuery): BoundQuery {
  const { schema, span } = query
  const from = { kind: 'Derived', name: '', query, schema, span } as const
  const columns = schema.columns.map((column, i) => makeColumn(i, column, span))
  const items = columns.map(expr => ({ name: expr.name, expr }))
  const grouping = { keys: columns, sets: null, aggregates: [], having: null, session: null }
  return Object.freeze({ ...makeSelect(from, items, schema, span), grouping })
}

function unite(inputs: readonly BoundQuery[], span: Span, cx: BindContext): BoundQuery | null {
  const first = inputs[0]!.schema
  for (const input of inputs) {
    const [wanted, found] = [first.columns.length, input.schema.columns.length]
    if (wanted === found) continue
    report(cx, columnCount('the first query', wanted, 'this one', found, input.span))
    return null
  }
  const columns = first.columns.map(({ name }, index) => {
    const all = inputs.map(input => input.schema.columns[index]!)
    const type = all.reduce<SqlType | null>(
      (sofar, column) => (sofar === null ? null : commonType(sofar, column.type)),
      all[0]!.type
    )
    if (type === null) {
      const types = [...new Set(all.map(column => showType(column.type)))]
      report(cx, noCommonType(`the columns "${name}" of UNION ALL`, types, span))
    }
    return type === null ? null : { name, type, nullable: all.some(column => column.nullable) }
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
  const from = {
    kind: 'Derived',
    name: '',
    query,
    schema: query.schema,
    span: query.span
  } as const
  return makeSelect(from, items, schema, query.span)
}
