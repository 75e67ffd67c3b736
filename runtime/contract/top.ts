import type { GroupWindow } from './group.ts'
import type { StageDefinition } from './stage.ts'
import type { TableRow } from './table.ts'

/** The first rows of each partition, which are kept as state. A saved row is its number, then its values. */
export interface TopDefinition<Row extends TableRow = TableRow> extends StageDefinition {
  readonly rank: 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK'
  /** The places that are told, from 1. */
  readonly from: number
  readonly to: number
  /** Whether a row is told with its place behind its values. */
  readonly placed: boolean
  /** `close`: each window's rows, once it is complete. `changes`: what has become of a place, or of a row. */
  readonly tells: 'close' | 'places' | 'rows'
  /** By ORDER BY and, where rows may leave, by what tells them apart. */
  compare(a: Row, b: Row): number
  /** By ORDER BY: rows between which it does not decide have one place, but for ROW_NUMBER. */
  comparePlaces(a: Row, b: Row): number
  windowOf(row: Row): GroupWindow
  /** What tells partitions of one window apart. */
  partitionOf(row: Row): unknown
  /** Which row a change is of; null: rows have no key, and one that changes is another row. */
  readonly keyOf: ((row: Row) => unknown) | null
  /** From which watermark on a window is complete, in ms; Infinity: never. */
  closesAt(window: GroupWindow): number
}
