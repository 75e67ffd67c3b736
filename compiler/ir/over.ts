import {
  type SortKey,
  type AggregateCall,
  mapAggregate,
  argumentsOfAggregate
} from './aggregate-call.ts'
import type { Expr } from './scalars.ts'

/** What a window function computes for each row, of the rows around it. All expressions are over the input row. */
export interface OverCall {
  /** An aggregate, or a function of `compiler/functions/window-functions.ts`. */
  readonly call: AggregateCall
  /** Of lag and lead: how many rows away. Of nth_value: which row of the frame, from 1. */
  readonly offset: number | null
  readonly partition: readonly Expr[]
  readonly order: readonly SortKey[]
  readonly frame: OverFrame
}

/** A call whose arguments are columns of the row, or constants; PARTITION BY and ORDER BY are those of its node. */
export type WindowCall = Pick<OverCall, 'call' | 'offset' | 'frame'>

/** From where to where the rows count, seen from the row itself: before it is below zero. Null: from the first, to the last. */
export interface OverFrame {
  /** RANGE counts in milliseconds, and takes in all rows that have the same place. */
  readonly unit: 'ROWS' | 'RANGE'
  readonly start: number | null
  readonly end: number | null
}

/** The expressions of a call, in the order of `mapOver`. */
export function exprsOfOver({ call, partition, order }: OverCall): readonly Expr[] {
  return [...argumentsOfAggregate(call), ...partition, ...order.map(({ expr }) => expr)]
}

export function mapOver(over: OverCall, replace: (expr: Expr) => Expr): OverCall {
  return Object.freeze({
    ...over,
    call: mapAggregate(over.call, replace),
    partition: over.partition.map(replace),
    order: over.order.map(key => ({ ...key, expr: replace(key.expr) }))
  })
}
