interface Due<T> {
  readonly at: number
  readonly item: T
}

/** Things by the time that they are due: a binary heap. Adding one, and taking out the next, costs the logarithm of how many there are. */
export class DueTimes<T> {
  readonly #heap: Due<T>[] = []

  add(at: number, item: T): void {
    const heap = this.#heap
    const added = { at, item }
    let place = heap.push(added) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (heap[parent]!.at <= at) break
      heap[place] = heap[parent]!
      place = parent
    }
    heap[place] = added
  }

  /** Takes out what is due first, at this time or before; undefined: nothing is. */
  take(now: number): T | undefined {
    const heap = this.#heap
    const [first] = heap
    if (first === undefined || first.at > now) return undefined
    const last = heap.pop()!
    if (heap.length > 0) this.#sink(last)
    return first.item
  }

  /** Puts an entry in the place of the first, and down from there. */
  #sink(entry: Due<T>): void {
    const heap = this.#heap
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (heap[child]!.at >= entry.at) break
      heap[place] = heap[child]!
      place = child
    }
    heap[place] = entry
  }
}
