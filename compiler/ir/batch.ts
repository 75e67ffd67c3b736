import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { Expr } from './scalars.ts'

/** An aggregate call as a query writes it; see `compiler/functions/aggregates.ts`. */
export interface AggregateCall {
  readonly name: string
  /** Over the input row; empty for COUNT(*). */
  readonly args: readonly Expr[]
  readonly distinct: boolean
  /** Rows where this is not TRUE do not count; null: all do. */
  readonly filter: Expr | null
  readonly type: Expr['type']
  readonly nullable: boolean
  readonly span: Span
}

/** What a query over rows that are all there reads. */
export type BatchInput =
  | { readonly kind: 'Table' | 'System'; readonly name: string; readonly schema: RowType }
  | { readonly kind: 'Query'; readonly query: BatchQuery; readonly schema: RowType }
  /** One row without columns: SELECT without FROM. */
  | { readonly kind: 'Nothing'; readonly schema: RowType }

export interface Grouping {
  /** Over the input row. */
  readonly keys: readonly Expr[]
  readonly aggregates: readonly AggregateCall[]
  /** Over keys and aggregates, in this order; null: every group stays. */
  readonly having: Expr | null
}

export interface SortKey {
  /** Over the same row as the items. */
  readonly expr: Expr
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** A query over the rows of tables as they are now: asked once, answered once. */
export interface BatchQuery {
  readonly input: BatchInput
  readonly where: Expr | null
  /** Null: a row of the result for each row of the input. */
  readonly grouping: Grouping | null
  /** Over the input row, or over keys and aggregates. */
  readonly items: readonly Expr[]
  readonly distinct: boolean
  readonly orderBy: readonly SortKey[]
  readonly limit: number | null
  readonly offset: number
  readonly schema: RowType
  readonly span: Span
}
