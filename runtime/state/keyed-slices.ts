import type { SlicedWindows } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import type { SliceGroups } from './slice-groups.ts'
import { SliceMerge } from './slice-merge.ts'
import { TOLD_AT_ONCE } from './told-at-once.ts'

/** The groups of windows that overlap, by slice. A slice stays until the last window that has it is told. */
export interface Slices<G> {
  readonly size: number
  /** The end of the first slice; Infinity: there is none. */
  readonly firstSlice: number
  /** The end of the first window that has something that is in no slice; Infinity: none has. */
  readonly firstOther: number
  /** In the slice that ends here. */
  find(end: number, key: unknown): G | undefined
  /** Adds a group to the slice that was asked for last. */
  add(key: unknown, group: G): G
  /** What is in the window that ends here, and in no slice. */
  findOther(end: number, key: unknown): G | undefined
  addOther(key: unknown, group: G): G
  /** To be called before a group changes. */
  touch(group: G): void
  /**
   * The groups of the window that ends here, each until the next one is asked for; null: others may get a turn. To be called of all
   * windows in their order. What no later one needs goes to `leaves`.
   */
  take(end: number, leaves: (group: G) => void): Generator<G | null>
}

/** All in memory: finding a group costs a look-up. */
export class KeyedSlices<G> implements Slices<G> {
  readonly #windows: SlicedWindows
  readonly #groups: SliceGroups<G>
  readonly #merge: SliceMerge<G>
  readonly #slices = new Map<number, KeyMap<unknown, G>>()
  /** The ends of the slices, ascending. */
  readonly #ends: number[] = []
  /** By the end of a window what is in it, and in no slice. */
  readonly #others = new Map<number, KeyMap<unknown, G>>()
  /** The slice that was asked for last: most rows come in the same one. */
  #end = NaN
  #slice = new KeyMap<unknown, G>()
  #size = 0

  constructor(windows: SlicedWindows, groups: SliceGroups<G>) {
    this.#windows = windows
    this.#groups = groups
    this.#merge = new SliceMerge(windows, groups)
  }

  get size(): number {
    return this.#size
  }

  get firstSlice(): number {
    return this.#ends[0] ?? Infinity
  }

  get firstOther(): number {
    return Math.min(...this.#others.keys())
  }

  find(end: number, key: unknown): G | undefined {
    if (end !== this.#end) {
      this.#end = end
      this.#slice = this.#slices.get(end) ?? new KeyMap<unknown, G>()
    }
    return this.#slice.get(key)
  }

  add(key: unknown, group: G): G {
    if (this.#slice.size === 0) {
      this.#slices.set(this.#end, this.#slice)
      insertEnd(this.#ends, this.#end)
    }
    this.#slice.set(key, group)
    this.#size++
    return group
  }

  findOther(end: number, key: unknown): G | undefined {
    return this.#others.get(end)?.get(key)
  }

  addOther(key: unknown, group: G): G {
    const end = this.#groups.endOf(group)
    const groups = this.#others.get(end) ?? new KeyMap<unknown, G>()
    this.#others.set(end, groups)
    groups.set(key, group)
    this.#size++
    return group
  }

  touch(): void {}

  *take(end: number, leaves: (group: G) => void): Generator<G | null> {
    const slices = { ends: this.#ends, of: (slice: number) => this.#slices.get(slice)! }
    yield* this.#merge.windowAt(end, slices, this.#others.get(end) ?? new KeyMap<unknown, G>())
    while (this.#ends.length > 0 && this.#windows.lastEnd(this.#ends[0]! - 1) <= end) {
      yield* this.#drop(this.#slices, this.#ends.shift()!, leaves)
    }
    this.#end = NaN
    yield* this.#drop(this.#others, end, leaves)
  }

  *#drop(
    all: Map<number, KeyMap<unknown, G>>,
    end: number,
    leaves: (group: G) => void
  ): Generator<null> {
    const groups = all.get(end)
    if (groups === undefined) return
    all.delete(end)
    this.#size -= groups.size
    let left = 0
    for (const group of groups.values()) {
      if (++left % TOLD_AT_ONCE === 0) yield null
      leaves(group)
    }
  }

  /** Takes out a group and answers it, where there is one. */
  remove(end: number, whole: number, key: unknown): G | undefined {
    const all = whole === 1 ? this.#slices : this.#others
    const groups = all.get(end)
    const group = groups?.get(key)
    if (groups === undefined || group === undefined) return undefined
    groups.delete(key)
    this.#size--
    if (groups.size > 0) return group
    all.delete(end)
    if (whole === 1) this.#ends.splice(this.#ends.indexOf(end), 1)
    this.#end = NaN
    return group
  }

  *[Symbol.iterator](): Generator<G> {
    for (const all of [this.#slices, this.#others]) {
      for (const groups of all.values()) yield* groups.values()
    }
  }
}

/** Ends ascend, each once. Most come behind the others. */
export function insertEnd(ends: number[], end: number): void {
  let at = ends.length
  while (at > 0 && ends[at - 1]! > end) at--
  if (ends[at - 1] !== end) ends.splice(at, 0, end)
}
