import type { PlanNode } from '../../observe/operators.ts'
import type { RecordSample } from '../../observe/record-samples.ts'
import type { ErrorSnapshot, Snapshot } from '../../observe/snapshot.ts'
import { rateOf } from '../rates.ts'
import { operatorWork, type OperatorWork, type Work, workBetween } from '../work-between.ts'

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

/** What the pipeline was at meanwhile; null: nobody has looked yet. */
export function workOf({ now, before }: Watched): Work | null {
  return now.started === before.started ? workBetween(now, before) : null
}

/** What an operator's work takes. Null: nobody knows. */
export function workAt(watched: Watched, node: PlanNode): OperatorWork | null {
  return operatorWork(node, workOf(watched), watched.now, watched.before)
}

/** How much of the time the models of an operator were asked, in threads of their own; null: it has none. */
export function modelShare(
  { now, before }: Watched,
  { kind, title }: Pick<PlanNode, 'kind' | 'title'>
): number | null {
  const passed = (now.now - before.now) / 1000
  if (kind !== 'Predict' || passed <= 0 || now.started !== before.started) return null
  const seconds = ({ models }: Snapshot): number =>
    models
      .filter(({ name }) => title.split(', ').includes(name))
      .reduce((sum, { durations }) => sum + durations.sum, 0)
  return (seconds(now) - seconds(before)) / passed
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
