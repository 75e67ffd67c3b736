import type { WindowRelation } from '../../ast/index.ts'
import type { Expr } from '../../ir/index.ts'

export type SessionRelation = WindowRelation & { readonly function: 'SESSION' }

/** What the groups over a SESSION are made by. */
export interface SessionInput {
  readonly gap: number
  /** Over the input's columns, which are the first of the relation's. */
  readonly partition: readonly Expr[]
  /** The index of window_start; window_end and window_time are behind it. */
  readonly start: number
  readonly node: SessionRelation
}
