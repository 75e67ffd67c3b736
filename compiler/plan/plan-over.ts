import { emitNeedsTime } from '../diagnostics/plan-groups.ts'
import { notSupportedYet } from '../diagnostics/bind.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import {
  overBesidePlace,
  overNeedsTime,
  overReadsChanges,
  placeNeedsLast
} from '../diagnostics/over.ts'
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
import type { Planner } from './plan-script.ts'

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
  const top = calls.find(call => demand.places.has(call))
  const others = calls.filter((call, i) => call !== top && isRead(i))
  const [first] = others
  if (top !== undefined && first === undefined) {
    const place = isRead(calls.indexOf(top))
    return planTop(relation, top, place, input, demand, planner)
  }
  if (first === undefined) return withCalls(relation, input, new Map())
  planner.report(problemOf(first, top, input))
  return null
}

function problemOf(first: OverCall, top: OverCall | undefined, input: StreamNode): Diagnostic {
  const { name, span } = first.call
  if (top !== undefined) return overBesidePlace(span)
  if (rankOf(first) !== null) return placeNeedsLast(name, span)
  if (input.traits.changes !== 'append') return overReadsChanges(name, span)
  if (timeOrder(first, input) === null) return overNeedsTime(name, span)
  return notSupportedYet('a window function in the order of time', span)
}

/** The first rows of each partition, told with their place where that is read. */
function planTop(
  relation: OverRelation,
  over: OverCall,
  isPlaceRead: boolean,
  input: StreamNode,
  { places, emission }: Demand,
  planner: Planner
): StreamNode | null {
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
  const at = new Map(place === null ? [] : [[over, input.schema.columns.length] as const])
  return withCalls(relation, node, at)
}

interface OverColumns {
  readonly partition: readonly number[]
  readonly order: readonly SortColumn[]
}

/** The columns that PARTITION BY and ORDER BY are; constants are the same for all rows. */
function columnsOfOver({ partition, order }: OverCall): OverColumns {
  return {
    partition: partition.flatMap(expr => (expr.kind === 'Column' ? [expr.index] : [])),
    order: order.flatMap(({ expr, descending, nullsFirst }) =>
      expr.kind === 'Column' ? [{ column: expr.index, descending, nullsFirst }] : []
    )
  }
}

/** What decides between rows that ORDER BY leaves equal, where they may leave: they would not be found again. */
function tellingApart(known: readonly number[], { schema, traits }: StreamNode): SortColumn[] {
  if (traits.changes === 'append') return []
  const columns = traits.key ?? [...schema.columns.keys()]
  return columns
    .filter(column => !known.includes(column))
    .map(column => ({ column, descending: false, nullsFirst: false }))
}

/** The time that rows are ordered by first of all; null: it is something else. */
function timeOrder(over: OverCall, { traits }: StreamNode): TimeColumn | null {
  const [first] = columnsOfOver(over).order
  if (first === undefined || first.descending) return null
  return traits.times.find(({ column }) => column === first.column) ?? null
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
  node: StreamNode,
  at: ReadonlyMap<OverCall, number>
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
