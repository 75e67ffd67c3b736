import type { StageDefinition } from './stage.ts'
import type { TableKey, TableRow } from './table.ts'

/** Rows that wait for what was valid at their time, and the versions of what may be. */
export interface AsOfDefinition<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow
> extends StageDefinition {
  readonly left: AsOfSideDefinition<Left>
  readonly right: AsOfSideDefinition<Right>
  /** Whether a version is not valid yet at its own time. */
  readonly strict: boolean
  /** Whether a row is told alone where nothing was valid. */
  readonly outer: boolean
  /** Whether the row and the version that was found belong together; what fails is told, and they do not. */
  meets(left: Left, right: Right): boolean
  /** Null: the row is alone. */
  told(left: Left, right: Right | null): void
}

export interface AsOfSideDefinition<Row extends TableRow> {
  /** What a row has in common with those of the other side; null: it meets none. */
  keyOf(row: Row): TableKey | null
  /** In ms; null: it has none, and meets none. */
  timeOf(row: Row): number | null
  /** How far behind a time, in ms, the watermark of the side is when no more rows of that time come. */
  readonly lag: number
}
