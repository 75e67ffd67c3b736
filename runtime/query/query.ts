import type { TableRow } from '../contract/index.ts'
import type { ValueBag } from '../aggregates/index.ts'

/** A function of a row: that of generated code takes a tuple of the types that the columns have. */
export type OfRow<Result> = { of(row: TableRow): Result }['of']

/** A function of two values that are not NULL: negative, zero or positive. */
export type Comparer = (a: never, b: never) => number

/** An aggregate as generated code hands it over: over fields, one list per group. */
export interface QueryAggregate {
  start(): unknown[]
  /** Counts a row; `seen` has the values that were there before, for DISTINCT. */
  add(fields: unknown[], seen: ValueBag, row: TableRow): void
  result(fields: readonly unknown[]): unknown
}

/** What a query reads. Functions of a row are over what stands before them; see compiler/ir/batch.ts. */
export type QueryInput =
  | { readonly kind: 'table' | 'system'; readonly name: string }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'nothing' }
  /** The key of each row is behind its columns. */
  | { readonly kind: 'keyed'; readonly name: string }
  | { readonly kind: 'values'; readonly rows: readonly OfRow<TableRow>[] }
  | QuerySet
  | QueryJoin
  | {
      readonly kind: 'unnest'
      readonly input: QueryInput
      readonly items: OfRow<readonly unknown[] | null>
      readonly join: 'INNER' | 'LEFT'
      readonly ordinality: boolean
    }
  | {
      readonly kind: 'filter'
      readonly input: QueryInput
      readonly test: OfRow<boolean>
    }
  | { readonly kind: 'probe'; readonly input: QueryInput; readonly probe: QueryProbe }
  | QueryNested

export interface QuerySet {
  readonly kind: 'set'
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: Query
  readonly right: Query
}

export interface QueryJoin {
  readonly kind: 'join'
  readonly join: 'INNER' | 'LEFT' | 'FULL'
  readonly left: QueryInput
  readonly right: QueryInput
  readonly leftWidth: number
  readonly rightWidth: number
  readonly keys: QueryKeys | null
  /** Of both rows. */
  readonly condition: OfRow<boolean> | null
}

/** What has to be equal, and not NULL, for two rows to meet. */
export interface QueryKeys {
  readonly left: OfRow<TableRow>
  readonly right: OfRow<TableRow>
}

export interface QueryProbe {
  readonly kind: 'Exists' | 'In' | 'Scalar'
  readonly query: Query
  /** The query has an answer of its own for each row. */
  readonly correlated: boolean
  /** Of IN: whether the row is the query's row, which stands behind it. */
  readonly test: OfRow<boolean | null> | null
  readonly keys: QueryKeys | null
}

/** Rows of `input`, each behind the row around the query. */
export interface QueryNested {
  readonly kind: 'nested'
  readonly input: QueryInput
  readonly keys: QueryKeys | null
}

export interface QueryGroupingSet {
  /** Which of the keys it has. The others are NULL. */
  readonly has: readonly boolean[]
  /** What tells the set from the others, behind the keys; null: it is the only one. */
  readonly bits: number | null
}

/** A compiled query: functions over rows, and data. */
export interface Query {
  readonly input: QueryInput
  readonly grouping: {
    readonly keys: OfRow<TableRow>
    /** Each row counts into a group of each set. */
    readonly sets: readonly QueryGroupingSet[]
    readonly aggregates: readonly QueryAggregate[]
    readonly having: OfRow<boolean> | null
  } | null
  readonly project: OfRow<TableRow>
  readonly distinct: boolean
  readonly sort: {
    readonly keys: OfRow<TableRow>
    readonly order: readonly {
      readonly descending: boolean
      readonly nullsFirst: boolean
      readonly compare: Comparer
    }[]
  } | null
  readonly limit: number | null
  readonly offset: number
}
