import type { Batch } from './batch.ts'

/** Rows that no record is: what tables and stages tell. As a batch of the one that is told now, without key and value. */
export interface DerivedRows extends Batch {
  /** The row, or the first of its values: what a failure is told with. */
  row: readonly unknown[]
}
