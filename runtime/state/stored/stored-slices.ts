import type { ByteMap, SlicedDefinition, SlicedGroup } from '../../contract/index.ts'
import { Heap } from '../../time/heap.ts'
import type { Slices } from '../keyed-slices.ts'
import { mergeSlices } from '../slice-merge.ts'
import { TOLD_AT_ONCE } from '../told-at-once.ts'
import { type PlacedGroup, StoredEnds } from './stored-ends.ts'

/** So many groups are read ahead for a window, all its slices together, or a few of each. */
const AHEAD = 16_384
const MOST_AHEAD = 256
const LEAST_AHEAD = 8

/** The groups of a slice, or those of a window that are in none, which stand behind all slices. */
interface Cursor<G> {
  readonly end: number
  readonly groups: Iterator<PlacedGroup<G>>
  at: PlacedGroup<G>
}

/**
 * As KeyedSlices, of groups that are in a store. A window is put together key by key, of all its slices side by side: in memory are one
 * group of each slice, and what is read ahead.
 */
export class StoredSlices<G extends SlicedGroup> implements Slices<G> {
  readonly #definition: SlicedDefinition<G>
  readonly #slices: StoredEnds<G>
  readonly #others: StoredEnds<G>
  #passed = 0

  constructor(definition: SlicedDefinition<G>, slices: ByteMap, others: ByteMap) {
    this.#definition = definition
    this.#slices = new StoredEnds(slices, definition)
    this.#others = new StoredEnds(others, definition)
  }

  get size(): number {
    return this.#slices.size + this.#others.size
  }

  get firstSlice(): number {
    return this.#slices.ends[0] ?? Infinity
  }

  get firstOther(): number {
    return this.#others.ends[0] ?? Infinity
  }

  find(end: number, key: unknown): G | undefined {
    return this.#slices.find(end, key)
  }

  add(key: unknown, group: G): G {
    return this.#slices.add(key, group)
  }

  findOther(end: number, key: unknown): G | undefined {
    return this.#others.find(end, key)
  }

  addOther(key: unknown, group: G): G {
    return this.#others.add(key, group)
  }

  touch(group: G): void {
    this.#of(group.whole).touch(group)
  }

  #of(whole: number): StoredEnds<G> {
    return whole === 1 ? this.#slices : this.#others
  }

  *take(end: number, leaves: (group: G) => void): Generator<G | null> {
    const { windows } = this.#definition
    const anchor = windows.anchorOf(end)
    const ends = this.#slices.ends.filter(slice => slice <= end)
    const done = ends.filter(slice => windows.lastEnd(slice - 1) <= end)
    const lastDone = done.at(-1) ?? -Infinity
    const cursors = this.#open(ends, end)
    while (cursors.first !== undefined) {
      const parts = { before: [] as G[], behind: [] as G[], other: undefined as G | undefined }
      const gone: G[] = []
      for (const { end: slice, group } of ofNextKey(cursors)) {
        if (++this.#passed % TOLD_AT_ONCE === 0) yield null
        if (slice === Infinity) parts.other = group
        else (slice <= anchor ? parts.before : parts.behind).push(group)
        if (slice <= lastDone || slice === Infinity) gone.push(group)
      }
      yield mergeSlices(this.#definition, end, parts)
      for (const group of gone) {
        this.#of(group.whole).leave()
        leaves(group)
      }
    }
    for (const slice of done) this.#slices.free(slice)
    this.#others.free(end)
  }

  /** To be called where the store may be written. `saved`: begins with where the group is. */
  put([end, whole]: readonly unknown[], key: unknown, row: Uint8Array | null): void {
    this.#of(whole as number).put(end as number, key, row)
  }

  settled(): void {
    this.#slices.settled()
    this.#others.settled()
  }

  trim(limit: number): void {
    this.#slices.trim(limit)
    this.#others.trim(limit)
  }

  #open(ends: readonly number[], window: number): Heap<Cursor<G>> {
    const cursors = new Heap<Cursor<G>>(isBefore)
    const each = Math.floor(AHEAD / (ends.length + 1))
    const ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, each))
    const open = (end: number, groups: Iterator<PlacedGroup<G>>): void => {
      const { done, value } = groups.next()
      if (done !== true) cursors.push({ end, groups, at: value })
    }
    for (const end of ends) open(end, this.#slices.at(end, ahead))
    if (this.firstOther === window) open(Infinity, this.#others.at(window, ahead))
    return cursors
  }
}

function isBefore<G>(one: Cursor<G>, other: Cursor<G>): boolean {
  const order = Buffer.compare(one.at.place, other.at.place)
  return order < 0 || (order === 0 && one.end < other.end)
}

/** The groups that stand at the first place, in the order of their slices; the cursors stand behind them then. */
function* ofNextKey<G>(
  cursors: Heap<Cursor<G>>
): Generator<{ readonly end: number; readonly group: G }> {
  const { place } = cursors.first!.at
  for (;;) {
    const cursor = cursors.first
    if (cursor === undefined || Buffer.compare(cursor.at.place, place) !== 0) return
    const { end, groups, at } = cursor
    yield { end, group: at.group }
    const { done, value } = groups.next()
    if (done === true) cursors.pop()
    else {
      cursor.at = value
      cursors.replace(cursor)
    }
  }
}
