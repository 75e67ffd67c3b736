import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import {
  frameNeedsEnd,
  overNeedsTime,
  overReadsChanges,
  overTimesDiffer,
  overWaitsTwice,
  placeNeedsLast
} from '../diagnostics/over.ts'
import {
  forgetsAfter,
  makeOver,
  type OverCall,
  rankOf,
  readsFrame,
  type StreamNode,
  type TimeColumn,
  waitOf
} from '../ir/index.ts'
import { columnsOfOver } from './over-columns.ts'
import type { Planner } from './planner.ts'

/** Window functions over the columns of a node, each as a column of the last one. */
export interface Ordered {
  readonly node: StreamNode
  readonly at: ReadonlyMap<OverCall, number>
}

/** Window functions of rows in the order of time: an Over for each PARTITION BY and ORDER BY. Null after a diagnostic. */
export function planOrdered(
  calls: readonly OverCall[],
  input: StreamNode,
  planner: Planner
): Ordered | null {
  const problem = calls.map(call => problemOf(call, input)).find(one => one !== null)
  if (problem !== undefined) {
    planner.report(problem)
    return null
  }
  const at = new Map<OverCall, number>()
  let node = input
  for (const own of inOrder([...Map.groupBy(calls, partsOf).values()], input)) {
    const parts = { ...columnsOfOver(own[0]!), time: timeOrder(own[0]!, node) }
    const { time, partition, order } = parts
    if (time === null) {
      const { name, span } = own[0]!.call
      const waits = waitOf(calls).rows > 0
      planner.report(waits ? overWaitsTwice(name, span) : overTimesDiffer(name, span))
      return null
    }
    own.forEach((call, i) => at.set(call, node.schema.columns.length + i))
    node = makeOver(node, {
      over: { partition, time, order: order.slice(1), calls: own },
      ttl: forgetsAfter(own) === Infinity ? planner.script.settings.stateTtl : null,
      name: planner.stateName('over'),
      span: own[0]!.call.span
    })
  }
  return { node, at }
}

/** Why a window function can't be computed in the order of time; null: it can. */
export function problemOf(over: OverCall, input: StreamNode): Diagnostic | null {
  const { call, frame } = over
  const { name, span } = call
  const isOrdered = input.traits.changes === 'append' && timeOrder(over, input) !== null
  if (rankOf(over) !== null && !isOrdered) return placeNeedsLast(name, span)
  if (input.traits.changes !== 'append') return overReadsChanges(name, span)
  if (!isOrdered) return overNeedsTime(name, span)
  return readsFrame(name) && frame.end === null ? frameNeedsEnd(name, span) : null
}

/** The time that rows are ordered by first of all; null: it is something else. */
function timeOrder(over: OverCall, { traits }: StreamNode): TimeColumn | null {
  const [first] = columnsOfOver(over).order
  if (first === undefined || first.descending) return null
  return traits.times.find(({ column }) => column === first.column) ?? null
}

/** The same for calls that have one PARTITION BY and one ORDER BY. */
function partsOf(over: OverCall): string {
  return JSON.stringify(columnsOfOver(over))
}

/** What waits for rows behind comes last, as nothing is in time behind it; the time that says when all others are complete, first. */
function inOrder(
  all: readonly (readonly OverCall[])[],
  input: StreamNode
): readonly (readonly OverCall[])[] {
  const rank = (calls: readonly OverCall[]): number => {
    if (waitOf(calls).rows > 0) return 2
    return timeOrder(calls[0]!, input)!.earliest === true ? 0 : 1
  }
  return all.toSorted((a, b) => rank(a) - rank(b))
}
