import { emitNeedsTime } from '../diagnostics/plan-groups.ts'
import { overBesidePlace } from '../diagnostics/over.ts'
import {
  type BoundRelation,
  type Expr,
  makeColumn,
  makeLiteral,
  makeProject,
  makeTopN,
  type OverCall,
  type Places,
  rankOf,
  type SortColumn,
  type StreamNode,
  type TimeColumn
} from '../ir/index.ts'
import type { Demand } from './demand.ts'
import { columnsOfOver } from './over-columns.ts'
import { type Ordered, planOrdered, problemOf } from './plan-ordered.ts'
import type { Planner } from './planner.ts'

type OverRelation = Extract<BoundRelation, { kind: 'Over' }>

/** Window functions over the rows of `input`; null after a diagnostic. */
export function planOver(
  relation: OverRelation,
  input: StreamNode,
  demand: Demand,
  planner: Planner
): StreamNode | null {
  const { calls } = relation
  const width = relation.input.schema.columns.length
  const isRead = (i: number): boolean => demand.reads === null || demand.reads.has(width + i)
  const [top, second] = calls.filter(call => demand.places.has(call))
  const others = calls.filter((call, i) => call !== top && isRead(i))
  const beside = second ?? others.find(call => problemOf(call, input) !== null)
  if (top !== undefined && beside !== undefined) {
    planner.report(overBesidePlace(beside.call.span))
    return null
  }
  const ordered = planOrdered(others, input, planner)
  if (ordered === null) return null
  if (top === undefined) return withCalls(relation, ordered)
  const place = isRead(calls.indexOf(top))
  const placed = planTop(top, place, ordered, demand, planner)
  return placed === null ? null : withCalls(relation, placed)
}

/** The first rows of each partition, told with their place where that is read. */
function planTop(
  over: OverCall,
  isPlaceRead: boolean,
  { node: input, at }: Ordered,
  { places, emission }: Demand,
  planner: Planner
): Ordered | null {
  const { call } = over
  const { partition, order } = columnsOfOver(over)
  const window = windowOf(partition, input)
  if (window === null && emission?.mode === 'ON WINDOW CLOSE') {
    planner.report(emitNeedsTime(emission.span))
    return null
  }
  const place = isPlaceRead ? call.name : null
  const node = makeTopN(input, {
    top: {
      rank: rankOf(over)!,
      partition,
      order: [...order, ...tellingApart([...partition, ...order.map(one => one.column)], input)],
      written: order.length,
      ...(places.get(over)! satisfies Places),
      place
    },
    window,
    emission: window !== null && emission?.mode !== 'CHANGES' ? 'close' : 'changes',
    name: planner.stateName('top'),
    span: call.span
  })
  const own = place === null ? [] : [[over, input.schema.columns.length] as const]
  return { node, at: new Map([...at, ...own]) }
}

/** What decides between rows that ORDER BY leaves equal, where they may leave: they would not be found again. */
function tellingApart(known: readonly number[], { schema, traits }: StreamNode): SortColumn[] {
  if (traits.changes === 'append') return []
  const columns = traits.key ?? [...schema.columns.keys()]
  return columns
    .filter(column => !known.includes(column))
    .map(column => ({ column, descending: false, nullsFirst: false }))
}

/** The column that bounds its partition in time: of several the one that is complete first. Event time is the same in every run. */
function windowOf(partition: readonly number[], { traits }: StreamNode): TimeColumn | null {
  // A row that changes may come back at any time.
  if (traits.changes !== 'append') return null
  const found = traits.times.filter(({ column }) => partition.includes(column))
  const isLater = (time: TimeColumn): number => (time.clock === 'event' ? 0 : 1)
  return found.sort((a, b) => isLater(a) - isLater(b) || a.lag - b.lag)[0] ?? null
}

/** The columns of the relation: those of its input, and what its calls give. What nobody reads of those is NULL. */
function withCalls(
  { input, calls, schema, span }: OverRelation,
  { node, at }: Ordered
): StreamNode {
  const own = input.schema.columns.map((column, i) => makeColumn(i, column, span))
  const given = calls.map((over): Expr => {
    const column = at.get(over)
    const { type, span: place } = over.call
    if (column === undefined) return makeLiteral(null, type, place)
    return makeColumn(column, node.schema.columns[column]!, place)
  })
  return makeProject(node, [...own, ...given], schema, span)
}
