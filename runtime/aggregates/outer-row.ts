import type { RowComparer } from './row-list.ts'

type Row = readonly unknown[]

/** The row that comes first, or last, of all that came: rows that only come need no list of them. */
export class OuterRow {
  #row: Row | null = null

  addFirst(compare: RowComparer, ...row: Row): void {
    if (this.#row === null || compare(row, this.#row) < 0) this.#row = row
  }

  addLast(compare: RowComparer, ...row: Row): void {
    if (this.#row === null || compare(row, this.#row) >= 0) this.#row = row
  }

  /** Its first value; null: there is none. */
  value(): never {
    return (this.#row === null ? null : this.#row[0]) as never
  }

  save(): unknown {
    return this.#row
  }

  static load(saved: unknown): OuterRow {
    const outer = new OuterRow()
    outer.#row = saved as Row | null
    return outer
  }
}
