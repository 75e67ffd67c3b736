import type { StageDefinition } from './stage.ts'
import type { TableRow } from './table.ts'

/** Window functions over rows in the order of their time. A saved row is its values; of a partition what it has counted is saved. */
export interface OverDefinition<Row extends TableRow = TableRow> extends StageDefinition {
  /** The time of a row, in ms. */
  timeOf(row: Row): number
  /** How far behind its time, in ms, time is when all rows up to it have come. */
  readonly lag: number
  /** ORDER BY, its time included: rows between which it does not decide are peers. */
  compare(a: Row, b: Row): number
  /** What PARTITION BY has of a row, and what tells partitions apart by that. */
  valuesOf(row: Row): readonly unknown[]
  keyOf(values: readonly unknown[]): unknown
  /** What a row waits for when all rows up to its time have come: so many rows of its partition, and so many ms. */
  readonly waits: { readonly rows: number; readonly ms: number }
  /** How many rows before it a row looks at outside of its frames. */
  readonly behind: number
  /** How many rows from the beginning of a partition are kept for frames that begin there. */
  readonly heads: number
  readonly frames: readonly FrameDefinition<Row>[]
  /** How many ms behind its last row a partition is as if it had never been; Infinity: it never is. */
  readonly forgets: number
  /** How long, in ms of processing time, a partition is kept that no row comes into; Infinity: as `forgets` says. */
  readonly ttl: number
}

/** The rows around a row that count: see OverFrame of the compiler. */
export interface FrameDefinition<Row extends TableRow = TableRow> {
  /** RANGE counts in ms, and takes in all peers. */
  readonly unit: 'ROWS' | 'RANGE'
  /** Null: from the first row, to the last. */
  readonly start: number | null
  readonly end: number | null
  /** Whether the last row of it is asked for. */
  readonly last: boolean
  /** What aggregates count of it; null: there are none. */
  readonly counts: FrameCounts<Row> | null
}

/** `Counted` is a class of generated code, with fields for aggregates. */
export interface FrameCounts<Row extends TableRow = TableRow, Counted extends object = object> {
  make(): Counted
  add(counted: Counted, row: Row): void
  /** Of frames that have a beginning: rows leave in the order in which they came. */
  remove(counted: Counted, row: Row): void
  save(counted: Counted): readonly unknown[]
  load(saved: readonly unknown[]): Counted
}

/** A row whose turn it is, among those around it: what generated code computes its values of. */
export interface OverPlace<Row extends TableRow = TableRow> {
  readonly row: Row
  /** What ROW_NUMBER, RANK and DENSE_RANK are. */
  readonly number: number
  readonly rank: number
  readonly denseRank: number
  /** The row so many places behind it, or before it; null: there is none. */
  away(places: number): Row | null
  /** The first and the last row of a frame, and the n-th, from 1; null: it has none. */
  first(frame: number): Row | null
  last(frame: number): Row | null
  nth(frame: number, n: number): Row | null
  /** What aggregates have counted of a frame. */
  counted(frame: number): object
}
