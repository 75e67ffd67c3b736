import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { Expr } from './scalars.ts'
import type { GroupSession } from './group-session.ts'
import type { Unnest } from './unnest.ts'
import type { AggregateCall, SortKey } from './aggregate-call.ts'

/** What a query over rows that are all there reads. */
export type BatchInput =
  | { readonly kind: 'Table' | 'System'; readonly name: string; readonly schema: RowType }
  /** A table's rows with the key of each behind its columns, for statements that change them. */
  | { readonly kind: 'KeyedTable'; readonly name: string; readonly schema: RowType }
  | { readonly kind: 'Query'; readonly query: BatchQuery; readonly schema: RowType }
  /** One row without columns: SELECT without FROM. */
  | { readonly kind: 'Nothing'; readonly schema: RowType }
  | {
      readonly kind: 'Values'
      readonly rows: readonly (readonly Expr[])[]
      readonly schema: RowType
    }
  | BatchSetOperation
  | BatchJoin
  | BatchUnnest
  | BatchFiltered
  | BatchProbed
  | BatchNested

/** UNION, INTERSECT, EXCEPT; without `all` no row comes twice. Both sides have the columns of `schema`. */
export interface BatchSetOperation {
  readonly kind: 'SetOperation'
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: BatchQuery
  readonly right: BatchQuery
  readonly schema: RowType
}

/** Rows of both sides behind each other; what finds nothing on the other side stands beside NULLs, where `join` wants it. */
export interface BatchJoin {
  readonly kind: 'Join'
  readonly join: 'INNER' | 'LEFT' | 'FULL'
  readonly left: BatchInput
  readonly right: BatchInput
  readonly keys: readonly BatchKey[]
  /** Over both rows. */
  readonly condition: Expr | null
  readonly schema: RowType
}

/** Equal and not NULL: one over the row of the left side, or around, the other over the row of the right side, or inside. */
export interface BatchKey {
  readonly left: Expr
  readonly right: Expr
}

/** Each row with the elements of an array of its own. */
export interface BatchUnnest {
  readonly kind: 'Unnest'
  readonly input: BatchInput
  readonly unnest: Unnest
  readonly schema: RowType
}

export interface BatchFiltered {
  readonly kind: 'Filtered'
  readonly input: BatchInput
  readonly where: Expr
  readonly schema: RowType
}

/** Each row with what a query inside of an expression gives for it, as one more column. */
export interface BatchProbed {
  readonly kind: 'Probed'
  readonly input: BatchInput
  readonly probe: BatchProbe
  readonly schema: RowType
}

export interface BatchProbe {
  /** Whether there is a row; whether the operand is among the rows; the value of the only row. */
  readonly kind: 'Exists' | 'In' | 'Scalar'
  readonly query: BatchQuery
  /** Whether the query reads columns of the row around it: then it has an answer for each row of its own. */
  readonly correlated: boolean
  /** Of IN, over the row with the query's columns behind it: whether the operand is this row of the query. */
  readonly test: Expr | null
  /** Of IN: what `test` compares, where it does nothing else. Left over the row, right over the query's. */
  readonly keys: readonly BatchKey[]
}

/** The rows that a query inside of an expression reads, each behind the row around the expression. */
export interface BatchNested {
  readonly kind: 'Nested'
  readonly input: BatchInput
  /** Left over the row around, right over the row of `input`. */
  readonly keys: readonly BatchKey[]
  readonly schema: RowType
}

export interface Grouping {
  /** Over the input row. */
  readonly keys: readonly Expr[]
  /**
   * Grouping sets: each row counts into a group of every set, by these of the keys, the others NULL. The last key tells the sets
   * apart; null: there is one, of all keys.
   */
  readonly sets: readonly (readonly number[])[] | null
  readonly aggregates: readonly AggregateCall[]
  /** Over keys and aggregates, in this order; null: every group stays. */
  readonly having: Expr | null
  /** Whether the groups are of sessions; null: no. */
  readonly session: GroupSession | null
}

/** A query over the rows of tables as they are now: asked once, answered once. */
export interface BatchQuery {
  readonly input: BatchInput
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
