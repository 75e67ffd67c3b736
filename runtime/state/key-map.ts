import { NumberMap } from './number-map.ts'

/** Wide numbers get typed arrays from so many keys on: for fewer a Map is smaller. */
const FEW = 64
/** A Map throws where it should have more than 2^24. */
const MOST = 2 ** 24 - 1

/**
 * Values by the keys of tables and groups, which differ as a Map tells them apart, for any number of them. Numbers that need more than 32
 * bits stand in typed arrays: to a Map each of them is an object, which has to be asked for its hash. Keys come in the order in which
 * they were added, such numbers before all others.
 */
export class KeyMap<Key, Value> {
  readonly #most: number
  /** Those that are no wide number, and of few keys all. */
  #others = new Map<Key, Value>()
  /** Maps that are full, the oldest first. */
  readonly #full: Map<Key, Value>[] = []
  #wide: NumberMap<Value> | null = null

  /** `most`: how many keys a Map takes. */
  constructor(most = MOST) {
    this.#most = most
  }

  get size(): number {
    let size = this.#others.size + (this.#wide?.size ?? 0)
    for (const { size: more } of this.#full) size += more
    return size
  }

  get(key: Key): Value | undefined {
    if (this.#wide !== null && isWide(key)) return this.#wide.get(key)
    const value = this.#others.get(key)
    return value !== undefined || this.#full.length === 0 ? value : this.#fullWith(key)?.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#wide !== null && isWide(key)) this.#wide.set(key, value)
    else (this.#fullWith(key) ?? this.#roomFor(key)).set(key, value)
  }

  delete(key: Key): void {
    if (this.#wide !== null && isWide(key)) this.#wide.delete(key)
    else (this.#fullWith(key) ?? this.#others).delete(key)
  }

  /** As with a Map, what is added or deleted meanwhile is seen or not. */
  *entries(): Generator<[Key, Value]> {
    const before = this.#wide
    if (before !== null) yield* before.entries() as Iterable<[Key & number, Value]>
    const told = new Set<Key>()
    for (const map of [...this.#full, this.#others]) {
      for (const entry of map) {
        if (before === null && isWide(entry[0])) told.add(entry[0])
        yield entry
      }
    }
    if (before !== null || this.#wide === null) return
    // They have moved meanwhile.
    for (const entry of this.#wide.entries() as Iterable<[Key & number, Value]>) {
      if (!told.has(entry[0])) yield entry
    }
  }

  *keys(): Generator<Key> {
    for (const [key] of this.entries()) yield key
  }

  *values(): Generator<Value> {
    for (const [, value] of this.entries()) yield value
  }

  #fullWith(key: Key): Map<Key, Value> | undefined {
    return this.#full.length === 0 ? undefined : this.#full.find(map => map.has(key))
  }

  /** The map that a key goes to that is in none of the full ones. */
  #roomFor(key: Key): Pick<Map<Key, Value>, 'set'> {
    const others = this.#others
    if (this.#wide === null && others.size >= FEW && isWide(key) && !others.has(key)) {
      return this.#moveWide() as unknown as Pick<Map<Key, Value>, 'set'>
    }
    if (others.size < this.#most || others.has(key)) return others
    this.#full.push(others)
    this.#others = new Map()
    return this.#others
  }

  #moveWide(): NumberMap<Value> {
    const wide = new NumberMap<Value>()
    for (const map of [...this.#full, this.#others]) {
      for (const [key, value] of map) {
        if (!isWide(key)) continue
        wide.set(key, value)
        map.delete(key)
      }
    }
    this.#wide = wide
    return wide
  }
}

/** A number that needs more than 32 bits; NaN is none, as it equals nothing. */
function isWide(key: unknown): key is number {
  return typeof key === 'number' && (key | 0) !== key && key === key
}
