import type { Expression, Relation, Select } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import {
  sessionColumn,
  sessionFilter,
  sessionGap,
  sessionNeedsGroups,
  sessionPartition
} from '../../diagnostics/bind-groups.ts'
import {
  type AggregateCall,
  argumentsOfAggregate,
  type Expr,
  type GroupSession,
  intervalParts,
  makeColumn,
  makeInterner,
  walkExpr
} from '../../ir/index.ts'
import { spanText } from '../../source/index.ts'
import { type BindContext, report } from '../context.ts'
import { applyFunction } from '../expressions/apply-function.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import type { GroupKeys } from './bind-grouping-sets.ts'
import type { CommonTables } from './with-tables.ts'
import { bindRelation } from './bind-select.ts'
import type { Input } from './input.ts'
import { bindArguments, bindTime, windowInput } from './bind-window.ts'
import { namesOf } from './names-in-scope.ts'
import type { SessionInput, SessionRelation } from './session-input.ts'

export function isSession(relation: Relation): relation is SessionRelation {
  return relation.kind === 'WindowRelation' && relation.function === 'SESSION'
}

/**
 * FROM SESSION: the rows of its input, each with the window that it would have if it were alone. Those that are closer than the
 * gap become one behind GROUP BY. Null after a diagnostic.
 */
export function bindSession(
  node: SessionRelation,
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const { span } = node
  const input = bindRelation(node.input, tables, cx)
  const lengths = bindArguments('SESSION', node.args, span, cx)
  if (input === null || lengths === null) return null
  const time = bindTime(node, input, cx)
  const partition = bindAll(node.partitionBy, { bind: cx, names: namesOf(input.parts, cx) })
  const [gap] = lengths
  if (time === null || partition === null || gap === null || gap === undefined) return null
  const length = gapOf(gap)
  if (length === null) {
    report(cx, sessionGap(gap.span))
    return null
  }
  const end = applyFunction('add', [time, gap], span, cx)
  if (end === null) return null
  const windows = { relation: input.relation, start: time, end }
  const named = windowInput(windows, input, time, node, cx)
  if (named === null) return null
  cx.findings?.relations.set(node, named)
  const start = input.relation.schema.columns.length
  return { ...named, session: { gap: length, partition, start, node } }
}

/** In ms; null: no gap. */
function gapOf(gap: Expr): number | null {
  const parts = gap.kind === 'Literal' ? intervalParts(gap.value) : null
  return parts?.months === 0 && parts.ms > 0 ? parts.ms : null
}

/** The groups of a SELECT over a SESSION, with the start of the session among their keys; null after a diagnostic. */
export function groupsOfSession(
  { where, groupBy }: Select,
  session: SessionInput,
  { keys: written, sets }: GroupKeys,
  calls: readonly AggregateCall[],
  cx: BindContext
): (GroupKeys & { readonly session: GroupSession }) | null {
  if (where !== null) {
    report(cx, sessionFilter(where.span))
    return null
  }
  if (sets !== null) {
    report(cx, notSupportedYet('grouping sets of sessions', groupBy[0]!.span))
    return null
  }
  const { node, gap, start: column } = session
  const others = written.filter(key => !isBound(key, session))
  const [bound] = written.filter(key => isBound(key, session))
  if (bound === undefined) {
    report(cx, sessionNeedsGroups(node.span))
    return null
  }
  const reads = [...others, ...calls.flatMap(argumentsOfAggregate)]
  // Each bound once: two of them would be two keys, of which only one is the session's.
  const keys = written.filter(key => !isBound(key, session) || firstOf(key, written) === key)
  const partition = placePartition(session, node.partitionBy, keys, cx)
  if (refuseBounds(reads, session, cx) || partition === null) return null
  const place = (index: number): number | null => {
    const at = keys.findIndex(key => indexOf(key) === index)
    return at < 0 ? null : at
  }
  const [first, end, time] = [place(column), place(column + 1), place(column + 2)]
  const bounds = { end, time, identity: first ?? end ?? time! }
  if (first !== null) return { keys, sets, session: { gap, partition, start: first, ...bounds } }
  // The query has no start, the groups need one: behind the keys that it has.
  const { type, nullable, span } = bound
  const start = makeColumn(column, { name: 'window_start', type, nullable }, span)
  return {
    keys: [...keys, start],
    sets,
    session: { gap, partition, start: keys.length, ...bounds }
  }
}

function indexOf(key: Expr): number {
  return key.kind === 'Column' ? key.index : -1
}

function firstOf(key: Expr, keys: readonly Expr[]): Expr | undefined {
  return keys.find(other => indexOf(other) === indexOf(key))
}

/** Whether a key is window_start, window_end or window_time. */
function isBound(key: Expr, { start }: SessionInput): boolean {
  return key.kind === 'Column' && key.index >= start && key.index < start + 3
}

function refuseBounds(exprs: readonly Expr[], session: SessionInput, cx: BindContext): boolean {
  let found = false
  for (const root of exprs) {
    walkExpr(root, expr => {
      if (found || expr.kind !== 'Column' || !isBound(expr, session)) return
      report(cx, sessionColumn(expr.name, expr.span))
      found = true
    })
  }
  return found
}

/** Where among the keys the partition's columns are; null after a diagnostic. */
function placePartition(
  { partition }: SessionInput,
  written: readonly Expression[],
  keys: readonly Expr[],
  cx: BindContext
): number[] | null {
  const intern = makeInterner()
  const ids = keys.map(intern)
  const places = partition.map(expr => ids.indexOf(intern(expr)))
  const missing = places.indexOf(-1)
  if (missing < 0) return places
  const { span } = written[missing]!
  report(cx, sessionPartition(spanText(span), span))
  return null
}
