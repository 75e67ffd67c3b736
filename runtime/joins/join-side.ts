import type { JoinSideDefinition, TableKey, TableRow } from '../contract/index.ts'
import { sameRow } from '../state/same-row.ts'
import { TimeQueue } from '../time/time-queue.ts'

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
export class JoinSide<Row extends TableRow = TableRow> {
  readonly definition: JoinSideDefinition<Row>
  readonly #first = new Map<TableKey, WaitingRow<Row>>()
  readonly #queue = new TimeQueue<WaitingRow<Row>>()
  size = 0

  constructor(definition: JoinSideDefinition<Row>) {
    this.definition = definition
  }

  /** The first row of a key; the others follow it. */
  first(key: TableKey | null): WaitingRow<Row> | null {
    return key === null ? null : (this.#first.get(key) ?? null)
  }

  /** Every row. Rows may come and go while this goes on. */
  *rows(): Generator<WaitingRow<Row>> {
    for (const first of this.#first.values()) {
      for (let one: WaitingRow<Row> | null = first; one !== null; one = one.next) yield one
    }
  }

  make(row: Row, key: TableKey, number: number, matches: number): WaitingRow<Row> {
    const at = this.definition.closesAt(row)
    const flags = { touched: false, stored: false, gone: false }
    const made = { row, key, number, at, matches, ...flags, next: null } as unknown
    return made as WaitingRow<Row>
  }

  /** Puts a row behind the others of its key. */
  link(added: WaitingRow<Row>): void {
    const first = this.#first.get(added.key)
    added.gone = false
    added.next = null
    if (first === undefined) {
      added.previous = added
      this.#first.set(added.key, added)
    } else {
      added.previous = first.previous
      first.previous.next = added
      first.previous = added
    }
    if (added.at < Infinity) this.#queue.push(added)
    this.size++
  }

  unlink(row: WaitingRow<Row>): void {
    const { key, next, previous } = row
    row.gone = true
    this.size--
    const first = this.#first.get(key)!
    if (first === row) {
      if (next === null) this.#first.delete(key)
      else {
        next.previous = previous
        this.#first.set(key, next)
      }
      return
    }
    previous.next = next
    if (next === null) first.previous = previous
    else next.previous = previous
  }

  /** One of the rows that hold these values; null: there is none. */
  find(key: TableKey | null, row: Row): WaitingRow<Row> | null {
    for (let one = this.first(key); one !== null; one = one.next) {
      if (sameRow(one.row, row)) return one
    }
    return null
  }

  /** Calls `leaves` for each row that waits for nothing at this watermark, in the order of their times. */
  expire(watermark: number, leaves: (row: WaitingRow<Row>) => void): void {
    while (this.#queue.next <= watermark) {
      const row = this.#queue.pop()
      if (!row.gone) leaves(row)
    }
  }
}
