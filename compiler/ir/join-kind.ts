import type { Expr } from './scalars.ts'

/**
 * SEMI passes a row once where the table has one for it, and ANTI where it has none: without the table's columns. SINGLE is a
 * LEFT of which more than one match fails the row: a query as a value.
 */
export type LookupJoin = 'INNER' | 'LEFT' | 'SEMI' | 'ANTI' | 'SINGLE'
/** `left` over the stream's row, `right` over the table's: equal where a row matches. */
export interface LookupKey {
  readonly left: Expr
  readonly right: Expr
}

/** SEMI has a row of the left side once where there is one of the right, and ANTI where there is none: without its columns. */
export type JoinKind = 'INNER' | 'LEFT' | 'FULL' | 'SEMI' | 'ANTI'
