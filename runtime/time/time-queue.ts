import { Heap } from './heap.ts'

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

/** In memory. */
export class TimeQueue<Item extends Timed> implements Queue<Item> {
  readonly #items = new Heap<Item>(isBefore)

  get next(): number {
    return this.#items.first?.at ?? Infinity
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  pop(): Item {
    return this.#items.pop()
  }
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}
