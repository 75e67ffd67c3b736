import { invariant } from './invariant.ts'
import { checkColumns } from './make-streams.ts'
import { argumentsOfAggregate } from './aggregate-call.ts'
import type { WindowCall } from './over.ts'
import type { Over, OverNode, StreamNode } from './streams.ts'
import type { TimeColumn } from './time-column.ts'

/** What an Over is beside its input. */
export type OverParts = Pick<OverNode, 'over' | 'ttl' | 'name' | 'span'>

export function makeOver(input: StreamNode, { over, ttl, name, span }: OverParts): OverNode {
  const { partition, time, order, calls } = over
  const read = [...partition, time.column, ...order.map(({ column }) => column)]
  invariant(input.traits.changes === 'append', 'rows that window functions are over stay', span)
  invariant(Math.max(...read) < input.schema.columns.length, 'columns are there', span)
  const args = calls.flatMap(({ call }) => argumentsOfAggregate(call))
  checkColumns(args, input.schema, span)
  const given = calls.map(({ call }) => {
    const { name: called, type, nullable } = call
    return { name: called, type, nullable }
  })
  const schema = Object.freeze({ columns: [...input.schema.columns, ...given] })
  const times = timesBehind(over, input.traits.times)
  const traits = { changes: 'append', key: input.traits.key, times } as const
  return Object.freeze({ kind: 'Over', inputs: [input], schema, traits, span, over, ttl, name })
}

/** Rows are told when time has come to theirs. Where one waits for rows behind it, nobody knows when that is. */
function timesBehind({ time, calls }: Over, times: readonly TimeColumn[]): readonly TimeColumn[] {
  const { rows, ms } = waitOf(calls)
  if (rows > 0) return []
  const known = time.earliest === true ? times.filter(({ clock }) => clock === 'event') : [time]
  return known.map(one => ({ ...one, lag: one.lag + ms }))
}

/** What a row waits for, when all rows up to its time have come: so many behind it, and so much time. */
export function waitOf(calls: readonly WindowCall[]): {
  readonly rows: number
  readonly ms: number
} {
  const wait = { rows: 0, ms: 0 }
  for (const { call, offset, frame } of calls) {
    if (call.name === 'lead') wait.rows = Math.max(wait.rows, offset!)
    if (!readsFrame(call.name)) continue
    const unit = frame.unit === 'ROWS' ? 'rows' : 'ms'
    wait[unit] = Math.max(wait[unit], frame.end ?? Infinity)
  }
  return wait
}

/** How many ms behind its last row a partition is as if it had never been; Infinity: something of it stays. */
export function forgetsAfter(calls: readonly WindowCall[]): number {
  const reaches = calls.map(({ call: { name }, frame: { unit, start } }) =>
    !readsFrame(name) || unit === 'ROWS' || start === null ? Infinity : -start
  )
  return Math.max(0, ...reaches)
}

/** Ranks, LAG and LEAD are the same in every frame. */
export function readsFrame(name: string): boolean {
  return !frameless.has(name)
}

const frameless: ReadonlySet<string> = new Set([
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead']
])
