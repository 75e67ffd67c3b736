import type { Span } from '../source/index.ts'
import type { Expr } from './scalars.ts'

/** An aggregate call as a query writes it; see `compiler/functions/aggregates.ts`. */
export interface AggregateCall {
  readonly name: string
  /** Over the input row; empty for COUNT(*). Of WITHIN GROUP (ORDER BY x): x. */
  readonly args: readonly Expr[]
  /** In which order the values count, over the input row; empty: as they come. */
  readonly orderBy: readonly SortKey[]
  /** Of percentiles: which, from 0 to 1. */
  readonly fraction: number | null
  readonly distinct: boolean
  /** Rows where this is not TRUE do not count; null: all do. */
  readonly filter: Expr | null
  readonly type: Expr['type']
  readonly nullable: boolean
  readonly span: Span
}

export interface SortKey {
  /** Over the same row as the items. */
  readonly expr: Expr
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** The expressions over the input row that an aggregate reads. */
export function argumentsOfAggregate({ args, orderBy, filter }: AggregateCall): readonly Expr[] {
  const read = [...args, ...orderBy.map(({ expr }) => expr)]
  return filter === null ? read : [...read, filter]
}

/** The call with other expressions in the places of its own; `replace` gets each in the order of `argumentsOfAggregate`. */
export function mapAggregate(call: AggregateCall, replace: (expr: Expr) => Expr): AggregateCall {
  const args = call.args.map(replace)
  const orderBy = call.orderBy.map(key => ({ ...key, expr: replace(key.expr) }))
  const filter = call.filter === null ? null : replace(call.filter)
  return Object.freeze({ ...call, args, orderBy, filter })
}
