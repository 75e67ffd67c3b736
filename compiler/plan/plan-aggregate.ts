import { windowWithoutTime } from '../diagnostics/bind-groups.ts'
import { emitNeedsTime } from '../diagnostics/plan-groups.ts'
import {
  type AggregateNode,
  type BoundSelect,
  type Expr,
  type Grouping,
  groupingBits,
  type GroupSession,
  type GroupWindow,
  makeAggregate,
  makeLiteral,
  someExpr,
  type StreamNode,
  timeOf
} from '../ir/index.ts'
import type { Planner } from './planner.ts'

/** Groups that time closes tell their row once, at their end; others tell each change. */
export function planAggregate(
  input: StreamNode,
  { keys, sets, aggregates, session }: Omit<Grouping, 'having'>,
  select: BoundSelect,
  planner: Planner
): AggregateNode | null {
  const span = keys[0]?.span ?? select.span
  if (session !== null && !planner.isAppend(input, 'SESSION', span)) return null
  const window = session === null ? windowOf(keys, input) : sessionTime(keys, session, input)
  if (window === null && !mayStayOpen(select, planner)) return null
  const parts = { keys, aggregates, session, slices: null, name: planner.stateName('groups'), span }
  if (window !== null && select.emission?.mode !== 'CHANGES') {
    const told = { ttl: null, emission: 'close', standing: null } as const
    return makeAggregate(input, { ...parts, ...told, window })
  }
  const { windowRetention, stateTtl } = planner.script.settings
  return makeAggregate(input, {
    ...parts,
    // What changes is kept for a while behind its end, and late only then.
    window: window === null ? null : { ...window, lag: window.lag + windowRetention },
    ttl: window === null && keys.length > 0 ? stateTtl : null,
    emission: 'changes',
    standing: standingKeys(keys, sets)
  })
}

/** Whether it is no mistake that nothing closes the groups. */
function mayStayOpen({ emission, grouping }: BoundSelect, planner: Planner): boolean {
  if (emission?.mode === 'ON WINDOW CLOSE') {
    planner.report(emitNeedsTime(emission.span))
    return false
  }
  const bucket = grouping!.keys.find(isBucket)
  if (emission === null && bucket !== undefined) {
    planner.report(windowWithoutTime(timeName(bucket), bucket.span))
  }
  return true
}

/** The keys of the group of all rows, which is there also where there are none; null: none is. */
function standingKeys(keys: readonly Expr[], sets: Grouping['sets']): readonly Expr[] | null {
  if (keys.length === 0) return []
  if (sets?.some(set => set.length === 0) !== true) return null
  const named = keys.slice(0, -1)
  const { type, span } = keys.at(-1)!
  const bits = groupingBits([...named.keys()], [])
  const none = named.map(key => makeLiteral(null, key.type, key.span))
  return [...none, makeLiteral(bits, type, span)]
}

/** How far behind the times of its rows the watermark may be. */
function sessionTime(
  keys: readonly Expr[],
  { start }: GroupSession,
  { traits }: StreamNode
): GroupWindow | null {
  const time = timeOf(keys[start]!, traits.times)
  return time === null ? null : { ...time, key: start }
}

/** The key that bounds its group in time: of several the one that is complete first. Event time is the same in every run. */
function windowOf(keys: readonly Expr[], { traits }: StreamNode): GroupWindow | null {
  // A row that changes may come back at any time.
  if (traits.changes !== 'append') return null
  const found = keys.flatMap((expr, key): GroupWindow[] => {
    const time = timeOf(expr, traits.times)
    return time === null ? [] : [{ ...time, key }]
  })
  const isLater = (time: GroupWindow): number => (time.clock === 'event' ? 0 : 1)
  return found.sort((a, b) => isLater(a) - isLater(b) || a.lag - b.lag)[0] ?? null
}

function isBucket(key: Expr): boolean {
  return someExpr(key, expr => expr.kind === 'Call' && expr.function === 'time_bucket')
}

/** The column that a bucket is of, as a message names it. */
function timeName(bucket: Expr): string {
  let name = 'ts'
  someExpr(bucket, expr => {
    if (expr.kind === 'Column') name = expr.name
    return false
  })
  return name
}
