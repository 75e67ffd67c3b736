import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BatchQuery } from './batch.ts'
import type { Expr } from './scalars.ts'

export interface BoundTable {
  readonly name: string
  readonly schema: RowType
  /** Indexes of the PRIMARY KEY's columns, in its order; null: there is none. */
  readonly key: readonly number[] | null
  /** Whether NULL is a value of its key as any other: a query's key, and UNIQUE NULLS NOT DISTINCT; no PRIMARY KEY is. */
  readonly nullsInKey: boolean
  /**
   * Whether its rows are kept: it has a key, a statement changes it, or a join looks rows up. Otherwise it is only the stream
   * of what is inserted.
   */
  readonly stored: boolean
  /** The source whose topic is this table, by its key; null: statements fill it. */
  readonly source: string | null
  /** Its CREATE TABLE; null: something else made it. */
  readonly declaration: Span | null
  /** Rows that a query writes out: no statement can name them, so nothing else changes them. */
  readonly written: boolean
  readonly span: Span
}

/** A statement that runs once in the life of the pipeline, in the order written. Rows and conditions are over the table's columns. */
export type BoundChange = BoundPlainChange | BoundChangeQuery

/** A change without a query inside. */
export type BoundPlainChange = BoundInsertValues | BoundUpdate | BoundDelete

export interface BoundInsertValues {
  readonly kind: 'InsertValues'
  readonly table: string
  /** One expression per column of the table; they read no columns. */
  readonly rows: readonly (readonly Expr[])[]
  readonly span: Span
}
export interface BoundUpdate {
  readonly kind: 'Update'
  readonly table: string
  /** One expression per column of the table: the row as it becomes. */
  readonly row: readonly Expr[]
  /** Null: every row. */
  readonly where: Expr | null
  readonly span: Span
}
export interface BoundDelete {
  readonly kind: 'Delete'
  readonly table: string
  readonly where: Expr | null
  readonly span: Span
}

/** A change by what a query gives now: all of it has been asked before the first row changes. */
export interface BoundChangeQuery {
  readonly kind: 'ChangeQuery'
  /** INSERT: the query gives the rows. UPDATE: keys of rows, and behind them the rows as they become. DELETE: the keys. */
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly table: string
  readonly query: BatchQuery
  readonly span: Span
}
