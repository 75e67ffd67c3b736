import type { JoinRelation, UnnestRelation } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { type BatchJoin, makeAnd, splitConjuncts } from '../../ir/index.ts'
import type { Column, RowType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import { type BatchFrom, bindBatchRelation, unnestBatch } from './bind-batch-input.ts'
import { bindUsing, withNulls } from './join-sides.ts'
import type { CommonTables } from './with-tables.ts'
import { isTrue, kindOfJoinedArray } from './bind-unnest.ts'
import { splitKeys } from './lookup-keys.ts'
import type { NamedRelation } from './named-relation.ts'
import { namesOf } from './names-in-scope.ts'

/** Every row of one side beside every row of the other. */
export function cross(left: BatchFrom, right: BatchFrom): BatchFrom {
  const width = left.input.schema.columns.length
  const schema = joinedSchema(left.input.schema, right.input.schema, 'INNER')
  const sides = { left: left.input, right: right.input }
  return {
    input: { kind: 'Join', join: 'INNER', ...sides, keys: [], condition: null, schema },
    parts: [...left.parts, ...shift(right.parts, width)]
  }
}

function shift(parts: readonly NamedRelation[], width: number): NamedRelation[] {
  return parts.map(part => ({ ...part, start: part.start + width }))
}

function joinedSchema(left: RowType, right: RowType, join: BatchJoin['join']): RowType {
  const orNull = (column: Column): Column => ({ ...column, nullable: true })
  return {
    columns: [
      ...(join === 'FULL' ? left.columns.map(orNull) : left.columns),
      ...(join === 'INNER' ? right.columns : right.columns.map(orNull))
    ]
  }
}

/** Null after a diagnostic. */
export function bindBatchJoin(
  node: JoinRelation,
  tables: CommonTables,
  cx: BindContext
): BatchFrom | null {
  const { join, asof, left: leftNode, right: rightNode, on } = node
  if (rightNode.kind === 'UnnestRelation') return bindJoinedArray(node, rightNode, tables, cx)
  if (asof || (join === 'FULL' && node.using.length > 0)) {
    const what = asof ? 'ASOF JOIN' : 'FULL JOIN with USING'
    report(cx, notSupportedYet(`${what} in a query that is answered once`, rightNode.span))
    return null
  }
  const left = bindBatchRelation(leftNode, tables, cx)
  const right = bindBatchRelation(rightNode, tables, cx)
  if (left === null || right === null) return null
  if (join === 'CROSS' || (on === null && node.using.length === 0)) return cross(left, right)
  return bindConditional(node, left, right, cx)
}

/** `a RIGHT JOIN b` is `b LEFT JOIN a` with the columns of `a` named first. */
function bindConditional(
  node: JoinRelation,
  left: BatchFrom,
  right: BatchFrom,
  cx: BindContext
): BatchFrom | null {
  const swapped = node.join === 'RIGHT'
  const [outer, inner] = swapped ? [right, left] : [left, right]
  const width = outer.input.schema.columns.length
  const using = bindUsing(node, namesOf(outer.parts, cx), namesOf(inner.parts, cx), width, cx)
  const hidden = using.map(({ index }) => index)
  const shifted = shift(inner.parts, width).map(part => ({
    ...part,
    hidden: [
      ...part.hidden,
      ...hidden.flatMap(index => {
        const at = index + width - part.start
        return at >= 0 && at < part.schema.columns.length ? [at] : []
      })
    ]
  }))
  const parts = swapped ? [...shifted, ...outer.parts] : [...outer.parts, ...shifted]
  const names = namesOf(parts, cx)
  const on = node.on === null ? [] : bindConditions([node.on], 'ON', { bind: cx, names })
  if (on === null || using.length < node.using.length) return null
  const equal = using.flatMap(column => column.equal ?? [])
  const { keys, rest } = splitKeys([...equal, ...on].flatMap(splitConjuncts), width)
  const join = node.join === 'INNER' || node.join === 'FULL' ? node.join : 'LEFT'
  const schema = joinedSchema(outer.input.schema, inner.input.schema, join)
  const condition = rest.length === 0 ? null : makeAnd(rest, rest[0]!.span)
  const sides = { left: outer.input, right: inner.input }
  return {
    input: { kind: 'Join', join, ...sides, keys, condition, schema },
    parts: withJoinNulls(parts, width, join)
  }
}

function withJoinNulls(
  parts: readonly NamedRelation[],
  width: number,
  join: BatchJoin['join']
): readonly NamedRelation[] {
  if (join === 'INNER') return parts
  return withNulls(parts, join === 'FULL' ? 0 : width)
}

/** `CROSS JOIN UNNEST(array)`, `JOIN UNNEST(array) ON ...`, `LEFT JOIN UNNEST(array) ON TRUE`. */
function bindJoinedArray(
  node: JoinRelation,
  array: UnnestRelation,
  tables: CommonTables,
  cx: BindContext
): BatchFrom | null {
  const { left, on } = node
  const kind = kindOfJoinedArray(node, cx)
  const from = kind === null ? null : bindBatchRelation(left, tables, cx)
  const joined = from === null ? null : unnestBatch(from, array, kind!, cx)
  if (joined === null || on === null || isTrue(on)) return joined
  const { input, parts } = joined
  const conditions = bindConditions([on], 'ON', { bind: cx, names: namesOf(parts, cx) })
  if (conditions === null) return null
  const where = makeAnd(conditions, on.span)
  return { input: { kind: 'Filtered', input, where, schema: input.schema }, parts }
}
