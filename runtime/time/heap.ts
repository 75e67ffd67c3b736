/** A binary heap: what comes in its order is put in and taken out at little cost. */
export class Heap<Item> {
  readonly #items: Item[] = []
  readonly #isBefore: (one: Item, other: Item) => boolean

  constructor(isBefore: (one: Item, other: Item) => boolean) {
    this.#isBefore = isBefore
  }

  /** Undefined: there is none. */
  get first(): Item | undefined {
    return this.#items[0]
  }

  push(item: Item): void {
    const items = this.#items
    let place = items.push(item) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(item, items[parent]!)) break
      items[place] = items[parent]!
      place = parent
    }
    items[place] = item
  }

  /** The first item, which leaves; to be called only where there is one. */
  pop(): Item {
    const items = this.#items
    const first = items[0]!
    const last = items.pop()!
    if (items.length > 0) this.replace(last)
    return first
  }

  /** Puts an item where the first one was, which leaves; to be called only where there is one. It may be the same, changed. */
  replace(item: Item): void {
    const items = this.#items
    const { length } = items
    let place = 0
    for (let child = 1; child < length; child = 2 * place + 1) {
      const right = child + 1
      if (right < length && this.#isBefore(items[right]!, items[child]!)) child = right
      if (!this.#isBefore(items[child]!, item)) break
      items[place] = items[child]!
      place = child
    }
    items[place] = item
  }
}
