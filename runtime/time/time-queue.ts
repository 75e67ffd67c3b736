/** What waits until a time has come. */
export interface Timed {
  /** In ms. */
  readonly at: number
  /** Of two with one time the lower number comes first. */
  readonly number: number
}

/** Items by their time. */
export interface Queue<Item extends Timed> {
  /** When the first one is due; Infinity: there is none. */
  readonly next: number
  push(item: Item): void
  /** The first item, which leaves; to be called only where there is one. */
  pop(): Item
}

/** A binary heap: what comes in the order of its time is put in and taken out at little cost. */
export class TimeQueue<Item extends Timed> implements Queue<Item> {
  readonly #heap: Item[] = []

  get next(): number {
    return this.#heap[0]?.at ?? Infinity
  }

  push(item: Item): void {
    const heap = this.#heap
    let place = heap.push(item) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(item, heap[parent]!)) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = item
  }

  pop(): Item {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(item: Item): void {
    const heap = this.#heap
    const { length } = heap
    let place = 0
    for (let child = 1; child < length; child = 2 * place + 1) {
      const right = child + 1
      if (right < length && isBefore(heap[right]!, heap[child]!)) child = right
      if (!isBefore(heap[child]!, item)) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = item
  }
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}
