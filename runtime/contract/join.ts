import type { StageDefinition } from './stage.ts'
import type { ChangeOp, TableKey, TableRow } from './table.ts'

/** Rows that wait in a join for those of the other side. A saved one is its values, and how many rows it has met. */
export interface JoinDefinition<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow
> extends StageDefinition {
  readonly left: JoinSideDefinition<Left>
  readonly right: JoinSideDefinition<Right>
  /** Whether rows are told beside those that they meet; where not, left rows are told alone, by what they meet. */
  readonly pairs: boolean
  /** Whether two rows of one key belong together; what fails is told, and does not. */
  meets(left: Left, right: Right): boolean
}

export interface JoinSideDefinition<Row extends TableRow> {
  /** What a row has in common with those that it may meet; null: it meets none. */
  keyOf(row: Row): TableKey | null
  /** From which watermark of the other side on a row can meet no more, in ms; Infinity: never. */
  closesAt(row: Row): number
  /** For how long rows are kept in the time of the process, where `closesAt` tells that; absent: it tells a watermark. */
  readonly ttl?: number
  /** Whether the number of rows that one has met matters. */
  readonly counts: boolean
  /** When a row is told without one of the other side. */
  readonly alone: 'never' | 'unmet' | 'met'
}

/** What it tells stays told: a row that met none is told once no more can come. */
export interface AppendJoinDefinition<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow
> extends JoinDefinition<Left, Right> {
  /** Null: the other row is alone. */
  told(left: Left | null, right: Right | null): void
}

/** What it tells may change. */
export interface ChangingJoinDefinition<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow,
  Row extends TableRow = TableRow
> extends JoinDefinition<Left, Right> {
  /** What `meets` said of rows of which it was asked before: what failed then was told. */
  met(left: Left, right: Right): boolean
  /** The columns that tell its rows apart; none: nothing does. */
  readonly key: readonly number[]
  pair(left: Left | null, right: Right | null): Row
  changed(op: ChangeOp, before: Row | null, after: Row | null): void
}
