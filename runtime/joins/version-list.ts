import type { TableKey, TableRow } from '../contract/index.ts'

/** What is valid from a time on, until the next one of its key is. */
export interface Version<Row extends TableRow = TableRow> {
  /** Null: nothing is, as its row was deleted. */
  readonly row: Row | null
  readonly key: TableKey
  /** Its own time: of two, the later one is newer. */
  readonly time: number
  /** From when on it is valid: later than its time where it came late. */
  readonly from: number
}

/**
 * The versions of one key, each valid before the next one is: their times and `from` ascend. The newest ones are found fastest;
 * any other costs a binary search, and one that comes out of order moves those behind it.
 */
export class VersionList<Item extends Version> {
  readonly #items: Item[] = []
  /** Those before it have left: they are cut off where they are half of all. */
  #first = 0

  get isEmpty(): boolean {
    return this.#first === this.#items.length
  }

  /** `leaves` is called for those that are never valid beside it. False: it never is itself. */
  add(added: Item, leaves: (item: Item) => void): boolean {
    const items = this.#items
    let place = this.#countWhile(item => item.time <= added.time)
    const next = items[place]
    if (next !== undefined && next.from <= added.from) return false
    const end = place
    while (place > this.#first && items[place - 1]!.from >= added.from) place--
    for (const item of items.splice(place, end - place, added)) leaves(item)
    return true
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
