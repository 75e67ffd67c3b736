import type { Operation } from './operations.ts'
import type { ScalarType } from './scalar-type.ts'
import type { TableName } from './tables.ts'

export interface ColumnExpr {
  readonly kind: 'column'
  readonly type: ScalarType
  readonly relation: string
  readonly name: string
}

export type AggregateName =
  | ('COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG' | 'BOOL_AND' | 'BOOL_OR')
  | ('VAR_POP' | 'STDDEV_SAMP' | 'PERCENTILE_CONT' | 'PERCENTILE_DISC')
  | ('STRING_AGG' | 'FIRST_VALUE' | 'LAST_VALUE')

export interface AggregateExpr {
  readonly kind: 'aggregate'
  readonly type: ScalarType
  readonly name: AggregateName
  readonly distinct: boolean
  /** Null: COUNT(*). */
  readonly argument: Expr | null
  /** Of what depends on the order of rows; what it leaves open is decided by the argument. */
  readonly order: AggregateOrder | null
  readonly filter: Expr | null
}

export interface AggregateOrder {
  /** Null: by the argument alone. */
  readonly by: Expr | null
  readonly descending: boolean
}

export type Expr =
  /** Whether the key is left out of the set of a row. */
  | { readonly kind: 'grouping'; readonly type: 'INT'; readonly key: Expr }
  | ColumnExpr
  | { readonly kind: 'literal'; readonly type: ScalarType; readonly value: string | null }
  | {
      readonly kind: 'apply'
      readonly type: ScalarType
      readonly operation: Operation
      readonly args: readonly Expr[]
    }
  | AggregateExpr
  | {
      readonly kind: 'in'
      readonly type: 'BOOLEAN'
      readonly not: boolean
      readonly value: Expr
      readonly query: Select
    }
  | {
      readonly kind: 'quantified'
      readonly type: 'BOOLEAN'
      /** `< ALL` and its kin. */
      readonly comparison: string
      readonly value: Expr
      readonly query: Select
    }
  | {
      readonly kind: 'exists'
      readonly type: 'BOOLEAN'
      readonly not: boolean
      readonly query: Select
    }
  | { readonly kind: 'scalar'; readonly type: ScalarType; readonly query: Select }

export interface Join {
  readonly kind: 'join'
  readonly join: 'CROSS' | 'INNER' | 'LEFT' | 'RIGHT' | 'FULL'
  readonly left: Relation
  readonly right: Relation
  /** Null: CROSS. */
  readonly on: Expr | null
}

export interface DerivedRelation {
  readonly kind: 'derived'
  readonly query: Query
  /** How our script has it; the same query is declared once. */
  readonly as: 'subquery' | 'view' | 'table'
  readonly name: string
}

export type Relation =
  | { readonly kind: 'table'; readonly table: TableName; readonly name: string }
  | DerivedRelation
  | Join

/** The first rows, of all or of each partition; columns by their place. */
export interface Top {
  /** LIMIT: of all, by ORDER BY. */
  readonly rank: 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK' | 'LIMIT'
  readonly partition: readonly number[]
  /** All columns, where it has to tell equal rows apart: those that are left are the same. */
  readonly order: readonly number[]
  readonly descending: boolean
  readonly count: number
}

/** Its columns are called c0, c1 and so on. */
export interface Select {
  readonly kind: 'select'
  readonly distinct: boolean
  readonly items: readonly Expr[]
  readonly from: Relation
  readonly where: Expr | null
  /** Null: no aggregation; empty: one group of all rows. */
  readonly groupBy: readonly Expr[] | null
  /** Whether it groups by several sets of the keys; null: by all of them. */
  readonly sets: 'ROLLUP' | 'CUBE' | 'GROUPING SETS' | null
  readonly having: Expr | null
  readonly top: Top | null
}

export type SetOperation =
  'UNION ALL' | 'UNION' | 'INTERSECT' | 'INTERSECT ALL' | 'EXCEPT' | 'EXCEPT ALL'

export type Query =
  | Select
  | {
      readonly kind: 'set'
      readonly operation: SetOperation
      readonly left: Query
      readonly right: Query
    }

export function columnTypesOf(query: Query): readonly ScalarType[] {
  return query.kind === 'set' ? columnTypesOf(query.left) : query.items.map(({ type }) => type)
}
