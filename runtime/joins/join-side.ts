import type { JoinSideDefinition, TableKey, TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { sameRow } from '../state/same-row.ts'
import { TimeQueue } from '../time/time-queue.ts'
import { linkRow, makeRow, type SideRows, unlinkRow, type WaitingRow } from './side-rows.ts'

/** All rows in memory. */
export class JoinSide<Row extends TableRow = TableRow> implements SideRows<Row> {
  readonly definition: JoinSideDefinition<Row>
  readonly #first = new KeyMap<TableKey, WaitingRow<Row>>()
  readonly #queue = new TimeQueue<WaitingRow<Row>>()
  size = 0

  constructor(definition: JoinSideDefinition<Row>) {
    this.definition = definition
  }

  first(key: TableKey | null): WaitingRow<Row> | null {
    return key === null ? null : (this.#first.get(key) ?? null)
  }

  *rows(): Generator<WaitingRow<Row>> {
    for (const first of this.#first.values()) {
      for (let one: WaitingRow<Row> | null = first; one !== null; one = one.next) yield one
    }
  }

  make(row: Row, key: TableKey, number: number, matches: number): WaitingRow<Row> {
    return makeRow(this.definition, row, key, number, matches)
  }

  link(added: WaitingRow<Row>): void {
    const first = this.#first.get(added.key)
    const now = linkRow(first ?? null, added)
    if (first === undefined) this.#first.set(added.key, now)
    if (added.at < Infinity) this.#queue.push(added)
    this.size++
  }

  unlink(row: WaitingRow<Row>): void {
    const { key } = row
    this.size--
    const first = this.#first.get(key)!
    const now = unlinkRow(first, row)
    if (now === null) this.#first.delete(key)
    else if (now !== first) this.#first.set(key, now)
  }

  hold(): void {}

  find(key: TableKey | null, row: Row): WaitingRow<Row> | null {
    for (let one = this.first(key); one !== null; one = one.next) {
      if (sameRow(one.row, row)) return one
    }
    return null
  }

  *due(watermark: number): Generator<WaitingRow<Row>> {
    while (this.#queue.next <= watermark) {
      const row = this.#queue.pop()
      if (!row.gone) yield row
    }
  }
}
