import { mergeFull } from './merge-full.ts'
import { NumberMap } from './number-map.ts'

/** Wide numbers get typed arrays from so many keys on: for fewer a Map is smaller. */
const FEW = 64
const NONE: readonly never[] = []

/**
 * Values by the keys of tables and groups, which differ as a Map tells them apart, for any number of them: a Map throws where it should
 * have more than 2^24. Numbers that need more than 32 bits stand in typed arrays: to a Map each of them is an object, which has to be
 * asked for its hash. Keys come in the order in which they were added, such numbers before all others.
 */
export class KeyMap<Key, Value> {
  /** Those that are no wide number, and of few keys all. */
  #others = new Map<Key, Value>()
  /** Maps that were full, the oldest first. */
  #full: readonly Map<Key, Value>[] = NONE
  #wide: NumberMap<Value> | null = null
  /** How many go through keys: until they have, no Map is given up. */
  #readers = 0

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

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  /** `value`: not undefined. */
  set(key: Key, value: Value): void {
    if (this.#wide === null ? this.#meetsWide(key) : isWide(key)) {
      ;(this.#wide ?? this.#moveWide()).set(key as Key & number, value)
    } else {
      const full = this.#fullWith(key)
      if (full === undefined) this.#add(key, value)
      else full.set(key, value)
    }
  }

  /** Answers whether it was there. */
  delete(key: Key): boolean {
    if (this.#wide !== null && isWide(key)) return this.#wide.delete(key)
    return (this.#fullWith(key) ?? this.#others).delete(key)
  }

  clear(): void {
    for (const map of [...this.#full, this.#others]) map.clear()
    this.#full = NONE
    this.#wide = null
  }

  /** As with a Map, what is added or deleted meanwhile is seen or not. */
  *[Symbol.iterator](): Generator<[Key, Value]> {
    this.#readers++
    try {
      const before = this.#wide
      if (before !== null) yield* before.entries() as Iterable<[Key & number, Value]>
      const told = new Set<Key>()
      for (const map of [...this.#full, this.#others]) {
        for (const entry of map) {
          if (before === null && isWide(entry[0])) told.add(entry[0])
          yield entry
        }
      }
      if (before === null && this.#wide !== null) yield* this.#moved(this.#wide, told)
    } finally {
      this.#readers--
    }
  }

  /** Wide numbers that have moved while somebody went through keys, but for those that he was told. */
  *#moved(wide: NumberMap<Value>, told: ReadonlySet<Key>): Generator<[Key, Value]> {
    for (const entry of wide.entries() as Iterable<[Key & number, Value]>) {
      if (!told.has(entry[0])) yield entry
    }
  }

  entries(): Generator<[Key, Value]> {
    return this[Symbol.iterator]()
  }

  *keys(): Generator<Key> {
    for (const [key] of this) yield key
  }

  *values(): Generator<Value> {
    for (const [, value] of this) yield value
  }

  #fullWith(key: Key): Map<Key, Value> | undefined {
    return this.#full.length === 0 ? undefined : this.#full.find(map => map.has(key))
  }

  /** Adds a key, or changes it in the Map that takes new ones. */
  #add(key: Key, value: Value): void {
    try {
      this.#others.set(key, value)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const all = [...this.#full, this.#others]
      this.#full = this.#readers > 0 ? all : mergeFull(all, moveEntries)
      this.#others = new Map([[key, value]])
    }
  }

  /** Whether it is the wide number from which on they stand in typed arrays. */
  #meetsWide(key: Key): boolean {
    return this.#others.size >= FEW && isWide(key) && !this.#others.has(key)
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

function moveEntries<Key, Value>(into: Map<Key, Value>, from: Map<Key, Value>): void {
  for (const [key, value] of from) into.set(key, value)
}

/** A number that needs more than 32 bits; NaN is none, as it equals nothing. */
function isWide(key: unknown): key is number {
  return typeof key === 'number' && (key | 0) !== key && key === key
}
