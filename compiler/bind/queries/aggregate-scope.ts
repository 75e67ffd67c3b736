import type { AggregateCall, Expr, makeInterner } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'

/** The aggregate calls of one query, as they are found in its expressions. */
export interface AggregateScope {
  /** Each one once, however often the query writes it. */
  readonly calls: AggregateCall[]
  readonly intern: ReturnType<typeof makeInterner>
  /** Aggregate `i` stands in expressions as the column `start + i`. */
  readonly start: number
  /** The calls of GROUPING; call `i` stands as the column `groupingStart + i`. */
  readonly groupings: GroupingCall[]
  readonly groupingStart: number
}

/** GROUPING(a, b): which of these the row's group is not by. */
export interface GroupingCall {
  readonly args: readonly Expr[]
  readonly span: Span
}
