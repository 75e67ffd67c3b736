import type { RowComparer } from './row-list.ts'

type Row = readonly unknown[]

/**
 * The row that comes first, or last, of all that came: rows that only come need no list of them. Where such merge, a row ends
 * with the number of its coming.
 */
export class OuterRow {
  #row: Row | null = null

  addFirst(compare: RowComparer, ...row: Row): void {
    if (this.#row === null || compare(row, this.#row) < 0) this.#row = row
  }

  addLast(compare: RowComparer, ...row: Row): void {
    if (this.#row === null || compare(row, this.#row) >= 0) this.#row = row
  }

  mergeFirst(compare: RowComparer, other: OuterRow): void {
    const row = other.#row
    if (row !== null && (this.#row === null || inOrder(compare, row, this.#row) < 0))
      this.#row = row
  }

  mergeLast(compare: RowComparer, other: OuterRow): void {
    const row = other.#row
    if (row !== null && (this.#row === null || inOrder(compare, row, this.#row) > 0))
      this.#row = row
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

/** Equals in the order of their coming. */
function inOrder(compare: RowComparer, a: Row, b: Row): number {
  const result = compare(a, b)
  return result !== 0 ? result : (a.at(-1) as number) - (b.at(-1) as number)
}
