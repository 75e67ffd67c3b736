import { mergeFull } from './merge-full.ts'

const NONE: readonly never[] = []

/** A Set of any number of keys, in the order in which they were added: a Set throws where it should have more than 2^24. */
export class KeySet<Key> {
  #last: Set<Key>
  /** Sets that were full, the oldest first. */
  #full: readonly Set<Key>[] = NONE
  /** How many go through keys: until they have, no Set is given up. */
  #readers = 0

  constructor(keys: Iterable<Key> = NONE) {
    this.#last = new Set()
    for (const key of keys) this.add(key)
  }

  get size(): number {
    let { size } = this.#last
    for (const { size: more } of this.#full) size += more
    return size
  }

  has(key: Key): boolean {
    return this.#last.has(key) || this.#fullWith(key) !== undefined
  }

  /** Answers whether it is new. */
  add(key: Key): boolean {
    if (this.#fullWith(key) !== undefined) return false
    const { size } = this.#last
    try {
      return this.#last.add(key).size > size
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const all = [...this.#full, this.#last]
      this.#full = this.#readers > 0 ? all : mergeFull(all, moveKeys)
      this.#last = new Set([key])
      return true
    }
  }

  /** Answers whether it was there. */
  delete(key: Key): boolean {
    return (this.#fullWith(key) ?? this.#last).delete(key)
  }

  clear(): void {
    for (const set of [...this.#full, this.#last]) set.clear()
    this.#full = NONE
  }

  /** As with a Set, what is added or deleted meanwhile is seen or not. */
  *[Symbol.iterator](): Generator<Key> {
    this.#readers++
    try {
      for (const set of [...this.#full, this.#last]) yield* set
    } finally {
      this.#readers--
    }
  }

  #fullWith(key: Key): Set<Key> | undefined {
    return this.#full.length === 0 ? undefined : this.#full.find(set => set.has(key))
  }
}

function moveKeys<Key>(into: Set<Key>, from: Set<Key>): void {
  for (const key of from) into.add(key)
}
