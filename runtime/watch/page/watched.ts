import type { PlanNode } from '../../observe/operators.ts'
import type { RecordSample } from '../../observe/record-samples.ts'
import type { ErrorSnapshot, Snapshot } from '../../observe/snapshot.ts'
import { rateOf } from '../rates.ts'

/** What a pipeline is: it does not change while it runs. */
export interface Description {
  readonly pipeline: string
  readonly version: string
  readonly script: string
  readonly delivery: string
  readonly sql: string
  readonly nodes: readonly (PlanNode & {
    readonly columns: readonly { readonly name: string; readonly type: string }[]
  })[]
}

/** What everything on the page is made of. */
export interface Watched {
  readonly what: Description
  readonly now: Snapshot
  /** Some seconds before. */
  readonly before: Snapshot
  /** By place; null: the pipeline takes none. */
  readonly samples: Readonly<Record<string, readonly RecordSample[]>> | null
}

/** Rows per second that leave an operator, or come into a sink; null: nobody counts them. */
export function operatorRate({ now, before }: Watched, id: number): number | null {
  const of = (snapshot: Snapshot): number | null =>
    snapshot.operators.find(operator => operator.id === id)?.rows ?? null
  const rows = of(now)
  return rows === null ? null : rateOf(now, before, rows, of(before) ?? 0)
}

/** What an operator's part of the work takes. */
export interface Time {
  /** Of one core, from 0 to 1; waiting for a model or a broker counts too. */
  readonly share: number
  /** Seconds for a row; null: there was none. */
  readonly each: number | null
}

/**
 * The time of a source's rows with all that is done to them up to writers and states, of a model, of handing a sink's records over:
 * what is between runs in one loop with its source, and has no time of its own. Null: it has none.
 */
export function operatorTime(
  { now, before }: Watched,
  { kind, title }: Pick<PlanNode, 'kind' | 'title'>
): Time | null {
  const passed = (now.now - before.now) / 1000
  if (passed <= 0 || now.started !== before.started) return null
  const timed = timedOf(now, kind, title)
  if (timed === null) return null
  const was = timedOf(before, kind, title) ?? { seconds: 0, rows: 0 }
  const [seconds, rows] = [timed.seconds - was.seconds, timed.rows - was.rows]
  return { share: seconds / passed, each: rows > 0 ? seconds / rows : null }
}

function timedOf(
  { sources, sinks, models }: Snapshot,
  kind: string,
  title: string
): { readonly seconds: number; readonly rows: number } | null {
  if (kind === 'Predict') {
    const own = models.filter(({ name }) => title.split(', ').includes(name))
    return {
      seconds: own.reduce((sum, { durations }) => sum + durations.sum, 0),
      rows: Math.max(0, ...own.map(({ rows }) => rows))
    }
  }
  if (kind !== 'Source' && kind !== 'Sink') return null
  const objects = kind === 'Source' ? sources : sinks
  const found = objects.find(({ name }) => name === title)
  return found === undefined ? null : { seconds: found.busySeconds, rows: found.records }
}

/**
 * The operator that an error belongs to: the one whose place in the SQL is the last before it; where no expression is to blame,
 * the source or sink.
 */
export function operatorOf(error: ErrorSnapshot, { nodes }: Description): number | null {
  const { place, side, of } = error
  if (place === null) {
    const kind = side === 'source' ? 'Source' : 'Sink'
    return nodes.find(node => node.kind === kind && node.title === of)?.id ?? null
  }
  const isBefore = (a: Place, b: Place): boolean =>
    a.line < b.line || (a.line === b.line && a.column <= b.column)
  const before = nodes.filter(node => isBefore(node, place))
  return (
    before.reduce<(typeof nodes)[number] | null>(
      (last, node) => (last === null || isBefore(last, node) ? node : last),
      null
    )?.id ?? null
  )
}

type Place = Readonly<Record<'line' | 'column', number>>

/** The line of the SQL that an error belongs to. */
export function lineOf({ place, line }: ErrorSnapshot): number {
  return place?.line ?? line
}
