import type { TableKey, TableRow } from '../contract/index.ts'

/** What is valid from a time on, until the next one of its key is. */
export interface Version<Row extends TableRow = TableRow> {
  /** Null: nothing is, as its row was deleted. */
  readonly row: Row | null
  readonly key: TableKey
  /** From when on it is valid. */
  readonly from: number
}

/**
 * The versions of one key, each valid before the next one is. The newest ones are found fastest; any other costs a binary
 * search, and one that comes out of order moves those behind it.
 */
export class VersionList<Item extends Version> {
  readonly #items: Item[] = []
  /** Those before it have left: they are cut off where they are half of all. */
  #first = 0

  get isEmpty(): boolean {
    return this.#first === this.#items.length
  }

  /** Null: there is none. */
  get first(): Item | null {
    return this.#items[this.#first] ?? null
  }

  /** Puts one in its place; `leaves` is called for one that was to be valid from the same time on: it came earlier. */
  add(added: Item, leaves: (item: Item) => void): void {
    const items = this.#items
    const place = this.#countWhile(({ from }) => from <= added.from)
    const previous = place === this.#first ? undefined : items[place - 1]
    if (previous?.from !== added.from) {
      items.splice(place, 0, added)
      return
    }
    items[place - 1] = added
    leaves(previous)
  }

  /** The one that is valid at a time; null: none is. */
  find(time: number, strict: boolean): Item | null {
    const count = this.#countWhile(({ from }) => (strict ? from < time : from <= time))
    return count === this.#first ? null : this.#items[count - 1]!
  }

  /** Those before one leave. */
  dropBefore(item: Item, leaves: (item: Item) => void): void {
    const items = this.#items
    for (; items[this.#first] !== item; this.#first++) leaves(items[this.#first]!)
    if (2 * this.#first <= items.length) return
    items.splice(0, this.#first)
    this.#first = 0
  }

  /** The first one leaves. */
  dropFirst(): void {
    this.#items.splice(0, this.#first + 1)
    this.#first = 0
  }

  /** How many items, from the start on, hold a test that no item behind them holds. */
  #countWhile(test: (item: Item) => boolean): number {
    const items = this.#items
    let [low, high] = [this.#first, items.length]
    if (high > low && test(items[high - 1]!)) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (test(items[middle]!)) low = middle + 1
      else high = middle
    }
    return low
  }
}
