import { KeyMap } from '../key-map.ts'
/**
 * What was asked for lately, by key, in two generations: when there are too many, the older ones go that nobody has asked for since the
 * others came. Asking for one of the younger ones costs a look-up.
 */
export class Recent<Key, Item> {
  #young = new KeyMap<Key, Item>()
  #old = new KeyMap<Key, Item>()

  get(key: Key): Item | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old === undefined) return undefined
    this.#old.delete(key)
    this.#young.set(key, old)
    return old
  }

  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: Key, item: Item): void {
    this.#old.delete(key)
    this.#young.set(key, item)
  }

  delete(key: Key): void {
    if (!this.#young.delete(key)) this.#old.delete(key)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  *values(): Generator<Item> {
    yield* this.#old.values()
    yield* this.#young.values()
  }

  /** Keeps about `limit` at most, but for those that are in use. `leaves`: what goes. */
  trim(limit: number, isInUse: (item: Item) => boolean, leaves?: (item: Item) => void): void {
    const isFull = 2 * this.#young.size > limit
    if (!isFull && this.size <= limit) return
    const before = this.#old
    const kept = new KeyMap<Key, Item>()
    const drop = (items: KeyMap<Key, Item>): void => {
      for (const [key, item] of items) {
        if (isInUse(item)) kept.set(key, item)
        else leaves?.(item)
      }
    }
    this.#old = kept
    drop(before)
    if (!isFull) return
    if (this.#young.size > limit) drop(this.#young)
    else for (const [key, item] of this.#young) kept.set(key, item)
    this.#young = new KeyMap()
  }
}
