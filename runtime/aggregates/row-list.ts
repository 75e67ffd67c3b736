import { sameRow } from '../state/same-row.ts'

type Row = readonly unknown[]
export type RowComparer = (a: Row, b: Row) => number

/**
 * Rows in the order of their coming, each with what it is ordered by behind its values and, where lists merge, at the end the
 * number of its coming.
 */
export class RowList {
  #rows: Row[] = []

  add(...row: Row): void {
    this.#rows.push(row)
  }

  remove(...row: Row): void {
    const at = this.#rows.findIndex(other => sameRow(other, row))
    if (at >= 0) this.#rows.splice(at, 1)
  }

  merge(other: RowList): void {
    const arrival = (row: Row): number => row.at(-1) as number
    this.#rows = [...this.#rows, ...other.#rows].sort((a, b) => arrival(a) - arrival(b))
  }

  /** The first values of all rows, in order; null: there is none. Of the type that the values have. */
  values(compare: RowComparer | null): never {
    if (this.#rows.length === 0) return null as never
    return this.#sorted(compare).map(([value]) => value) as never
  }

  /** All rows as they came, of the types that they have. */
  all(): never[] {
    return [...this.#rows] as never[]
  }

  /** The texts of all rows with the second value in front of each but the first; null: there is none. */
  joined(compare: RowComparer | null): string | null {
    if (this.#rows.length === 0) return null
    const parts = this.#sorted(compare) as readonly (readonly [string, string])[]
    return parts.map(([text, separator], i) => (i === 0 ? text : separator + text)).join('')
  }

  /** Equals stay in the order of their coming. */
  #sorted(compare: RowComparer | null): readonly Row[] {
    return compare === null ? this.#rows : this.#rows.toSorted(compare)
  }

  /** The value of the row that comes first; null: there is none. */
  first(compare: RowComparer): never {
    return (this.#rows.length === 0 ? null : this.#sorted(compare)[0]![0]) as never
  }

  last(compare: RowComparer): never {
    return (this.#rows.length === 0 ? null : this.#sorted(compare).at(-1)![0]) as never
  }

  save(): unknown {
    return [...this.#rows]
  }

  static load(saved: unknown): RowList {
    const list = new RowList()
    list.#rows = [...(saved as Row[])]
    return list
  }
}
