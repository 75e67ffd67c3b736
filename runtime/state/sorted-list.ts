/** So many items are moved at most where one comes between others. */
const CHUNK = 512

/** Items in order, no two of which are equal. To add or to remove one costs a search, and to move some hundred at most. */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number
  /** Each has items, but for the only one of an empty list. */
  readonly #chunks: Item[][] = [[]]
  #size = 0

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#size
  }

  get last(): Item | undefined {
    return this.#chunks.at(-1)!.at(-1)
  }

  add(item: Item): void {
    const [at, index] = this.#placeOf(other => this.#compare(other, item))
    const chunk = this.#chunks[at]!
    chunk.splice(index, 0, item)
    this.#size++
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK / 2))
  }

  /** Takes out an item that is in the list. */
  remove(item: Item): void {
    const [at, index] = this.#placeOf(other => this.#compare(other, item))
    const chunk = this.#chunks[at]!
    chunk.splice(index, 1)
    this.#size--
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1)
  }

  /** The first item that `side` does not put in front of what is looked for: there it answers less than zero. */
  find(side: (item: Item) => number): Item | undefined {
    const [at, index] = this.#placeOf(side)
    return this.#chunks[at]![index]
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** The chunk and the place in it of the first item for which `side` is not below zero; behind the last if there is none. */
  #placeOf(side: (item: Item) => number): readonly [chunk: number, index: number] {
    const at = firstIndex(this.#chunks.length - 1, i => side(this.#chunks[i]!.at(-1)!) >= 0)
    const chunk = this.#chunks[at]!
    return [at, firstIndex(chunk.length, i => side(chunk[i]!) >= 0)]
  }
}

/** The first index below `count` for which a test holds that holds for all behind it too; `count`: there is none. */
function firstIndex(count: number, test: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
