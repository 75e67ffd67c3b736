import type { Query, QueryBody } from '../../ast/index.ts'
import { emitNeedsGroups } from '../../diagnostics/bind-groups.ts'
import {
  type BoundEmission,
  type BoundQuery,
  type BoundSelect,
  placeBounds,
  splitConjuncts
} from '../../ir/index.ts'
import { type BindContext, report } from '../context.ts'
import { hasTail } from './bind-batch-query.ts'
import { bindLimited } from './bind-limit.ts'
import { bindSelect } from './bind-select.ts'
import { bindSetOperation, distinctRows } from './bind-set-operation.ts'
import { liftGroups } from './lift-groups.ts'
import { isRepeated } from './bind-unnest.ts'
import { bindValues } from './bind-values.ts'
import { bindWrittenOut, isWrittenOut } from './written-rows.ts'
import type { CommonTables } from './with-tables.ts'

/** A query, bound once however often it is read, so that its errors are said once; null after a diagnostic. */
export function bindQuery(query: Query, outer: CommonTables, cx: BindContext): BoundQuery | null {
  const known = cx.queries.get(query)
  if (known !== undefined) return known
  const tables = [...query.with, ...outer]
  const lifted = liftGroups(query, tables, cx)
  if (lifted !== null) {
    const bound = bindQuery(lifted, outer, cx)
    cx.queries.set(query, bound)
    return bound
  }
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
  if (from.kind !== 'Over' && !isRepeated(from)) return null
  if (from.input.kind !== 'Derived') return null
  // Window functions over groups, or what repeats rows: the groups are those of the same query.
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
      return bindSetOperation(body, tables, cx)
  }
}
