import type { ByteMap, SlicedDefinition, SlicedGroup } from '../../contract/index.ts'
import { KeySet } from '../key-set.ts'
import { insertEnd } from '../keyed-slices.ts'
import { decodeRow } from '../state-codec.ts'
import { endOf, keyBytes, numberAt, orderedNumber } from './place.ts'
import type { PlacedGroup } from './placed-cursors.ts'
import { Recent } from './recent.ts'

/** What is in memory of the groups of one end. */
interface Known<G> {
  readonly recent: Recent<unknown, G>
  /** Those that are not in the store as they are. */
  fresh: G[]
  /** The same by their places, where nothing changes any more; null: nobody has asked. */
  placed: readonly PlacedGroup<G>[] | null
}

/** An end is as long as a number. */
const END = 8
/** So many groups are read ahead of all ends that are read side by side, or a few of each. */
const AHEAD = 16_384
const MOST_AHEAD = 256
const LEAST_AHEAD = 8

/**
 * Groups in a store by an end, and those of one end by their key. They leave end by end, the first ones first. Those that were asked for
 * lately are in memory.
 */
export class StoredEnds<G extends SlicedGroup> {
  readonly #records: ByteMap
  readonly #definition: SlicedDefinition<G>
  readonly #known = new Map<number, Known<G>>()
  /** What was asked for last: most rows come in the same slice. */
  #end = NaN
  #last: Known<G> | undefined = undefined
  /** Ascending; null: nobody has asked yet. */
  #ends: number[] | null = null
  /** The store has nothing that ends later. */
  #lastStored: number
  /** How many more groups there are than in the store. */
  #more = 0

  constructor(records: ByteMap, definition: SlicedDefinition<G>) {
    this.#records = records
    this.#definition = definition
    const last = records.lastKey()
    this.#lastStored = last === undefined ? -Infinity : numberAt(last, 0)
  }

  get size(): number {
    return this.#records.size + this.#more
  }

  /** At which there are groups, ascending. */
  get ends(): readonly number[] {
    return (this.#ends ??= this.#seekEnds())
  }

  #seekEnds(): number[] {
    const ends = [...this.#known.keys()].sort((a, b) => a - b)
    let from: Uint8Array | null = Buffer.alloc(0)
    while (from !== null) {
      const next = this.#firstFrom(from)
      if (next !== null) insertEnd(ends, next)
      from = next === null ? null : endOf(orderedNumber(next))
    }
    return ends
  }

  #firstFrom(from: Uint8Array): number | null {
    for (const { key } of this.#records.range(from, null, 1)) return numberAt(key, 0)
    return null
  }

  find(end: number, key: unknown): G | undefined {
    const known = this.#knownAt(end)?.recent.get(key)
    if (known !== undefined || end > this.#lastStored) return known
    const row = this.#records.get(placeOf(end, key))
    if (row === undefined) return undefined
    const group = this.#load(row)
    this.#make(end).recent.set(key, group)
    return group
  }

  #knownAt(end: number): Known<G> | undefined {
    if (end !== this.#end) {
      this.#end = end
      this.#last = this.#known.get(end)
    }
    return this.#last
  }

  #make(end: number): Known<G> {
    const known = this.#knownAt(end)
    if (known !== undefined) return known
    this.#last = { recent: new Recent(), fresh: [], placed: null }
    this.#known.set(end, this.#last)
    return this.#last
  }

  #forget(end: number): void {
    this.#known.delete(end)
    this.#end = NaN
    this.#last = undefined
  }

  #load(row: Uint8Array): G {
    const group = this.#definition.load(decodeRow(row))
    group.stored = true
    return group
  }

  add(key: unknown, group: G): G {
    this.#make(group.end).recent.set(key, group)
    if (this.#ends !== null) insertEnd(this.#ends, group.end)
    this.#more++
    return group
  }

  /** To be called before a group changes. */
  touch(group: G): void {
    if (group.touched < 0) this.#make(group.end).fresh.push(group)
  }

  /** All groups of an end at which nothing changes any more, in the order of their places. `ends`: so many are read side by side. */
  *at(end: number, ends: number): Generator<PlacedGroup<G>> {
    const ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, Math.floor(AHEAD / ends)))
    const fresh = this.#freshAt(end)
    let next = 0
    const prefix = orderedNumber(end)
    for (const { key, value } of this.#records.range(prefix, endOf(prefix), ahead)) {
      const place = key.subarray(END)
      let order = -1
      while (order < 0 && next < fresh.length) {
        order = Buffer.compare(fresh[next]!.place, place)
        if (order <= 0) yield fresh[next++]!
      }
      if (order !== 0) yield { place, group: this.#load(value) }
    }
    while (next < fresh.length) yield fresh[next++]!
  }

  #freshAt(end: number): readonly PlacedGroup<G>[] {
    const known = this.#known.get(end)
    if (known === undefined) return []
    if (known.placed !== null) return known.placed
    const { save, keyOf } = this.#definition
    // Where a commit failed, what has changed before and behind it is there twice.
    const placed = Array.from(new KeySet(known.fresh), group => {
      return { place: keyBytes(keyOf(save(group))), group }
    })
    known.placed = placed.sort((a, b) => Buffer.compare(a.place, b.place))
    return placed
  }

  /** A group has left that `at` gave. */
  leave(): void {
    this.#more--
  }

  /** All groups of this end have left. */
  free(end: number): void {
    this.#forget(end)
    if (this.ends[0] === end) this.#ends!.shift()
  }

  /** To be called where the store may be written. */
  put(end: number, key: unknown, row: Uint8Array | null): void {
    const place = placeOf(end, key)
    if (row === null) {
      this.#records.remove(place)
      return
    }
    this.#records.put(place, row)
    this.#lastStored = Math.max(this.#lastStored, end)
  }

  settled(): void {
    for (const known of this.#known.values()) {
      known.fresh = []
      known.placed = null
    }
    this.#more = 0
  }

  trim(limit: number): void {
    for (const [end, { recent }] of this.#known) {
      recent.trim(Math.max(1, Math.floor(limit / this.#known.size)), group => group.touched >= 0)
      if (recent.size === 0) this.#forget(end)
    }
  }
}

function placeOf(end: number, key: unknown): Buffer {
  return Buffer.concat([orderedNumber(end), keyBytes(key)])
}
