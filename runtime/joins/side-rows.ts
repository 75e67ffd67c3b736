import type { JoinSideDefinition, TableKey, TableRow } from '../contract/index.ts'

/** A row that waits for rows of the other side. */
export interface WaitingRow<Row extends TableRow = TableRow> {
  readonly row: Row
  readonly key: TableKey
  /** What the changelog calls it. */
  readonly number: number
  /** From which watermark of the other side on it waits for nothing. */
  readonly at: number
  /** How many rows it has met; 0 where nobody asks. */
  matches: number
  /** Whether it changed since the last commit. */
  touched: boolean
  /** Whether the changelog or a checkpoint has it. */
  stored: boolean
  /** Whether it has left. */
  gone: boolean
  /** The one of its key that came after it. */
  next: WaitingRow<Row> | null
  /** The one that came before it; of the first one: the last. */
  previous: WaitingRow<Row>
}

/** The rows of one side of a join by their key, in the order in which they came. */
export interface SideRows<Row extends TableRow = TableRow> {
  readonly definition: JoinSideDefinition<Row>
  readonly size: number
  /** The first row of a key; the others follow it. */
  first(key: TableKey | null): WaitingRow<Row> | null
  /** Every row. Rows may come and go while this goes on. */
  rows(): Iterable<WaitingRow<Row>>
  make(row: Row, key: TableKey, number: number, matches: number): WaitingRow<Row>
  /** Puts a row behind the others of its key. */
  link(added: WaitingRow<Row>): void
  unlink(row: WaitingRow<Row>): void
  /** What is counted of a row changes. */
  hold(row: WaitingRow<Row>): void
  /** One of the rows that hold these values; null: there is none. */
  find(key: TableKey | null, row: Row): WaitingRow<Row> | null
  /** The rows that wait for nothing at this watermark, in the order of their times. Each is to be unlinked before the next one is asked for. */
  due(watermark: number): Iterable<WaitingRow<Row>>
}

export function makeRow<Row extends TableRow>(
  definition: JoinSideDefinition<Row>,
  row: Row,
  key: TableKey,
  number: number,
  matches: number
): WaitingRow<Row> {
  const at = definition.closesAt(row)
  const flags = { touched: false, stored: false, gone: false }
  const made = { row, key, number, at, matches, ...flags, next: null } as unknown
  return made as WaitingRow<Row>
}

/** Puts a row behind those of its key; the first one of them now. */
export function linkRow<Row extends TableRow>(
  first: WaitingRow<Row> | null,
  added: WaitingRow<Row>
): WaitingRow<Row> {
  added.gone = false
  added.next = null
  if (first === null) {
    added.previous = added
    return added
  }
  added.previous = first.previous
  first.previous.next = added
  first.previous = added
  return first
}

/** Takes a row out; the first one of its key now, null: it was the only one. */
export function unlinkRow<Row extends TableRow>(
  first: WaitingRow<Row>,
  row: WaitingRow<Row>
): WaitingRow<Row> | null {
  const { next, previous } = row
  row.gone = true
  if (first === row) {
    if (next !== null) next.previous = previous
    return next
  }
  previous.next = next
  if (next === null) first.previous = previous
  else next.previous = previous
  return first
}
