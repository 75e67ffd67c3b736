import type { Column } from '../types/index.ts'
import type { Expr } from './scalars.ts'

export interface Unnest {
  /** An array, or JSON that must be one. */
  readonly array: Expr
  /** LEFT: a row whose array is NULL or empty goes on once, with NULLs. */
  readonly join: 'INNER' | 'LEFT'
  /** The element and, WITH ORDINALITY, its position from 1. */
  readonly columns: readonly Column[]
}
