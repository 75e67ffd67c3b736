import type { SlicedDefinition, SlicedGroup, StateStore } from '../../contract/index.ts'
import type { Slices } from '../keyed-slices.ts'
import { mergeBefore, mergeBehind, mergeGroups, type WindowParts } from '../merge-groups.ts'
import { TOLD_AT_ONCE } from '../told-at-once.ts'
import { type PlacedGroup, sideBySide } from './placed-cursors.ts'
import { StoredEnds } from './stored-ends.ts'
import { StoredMerge } from './stored-merge.ts'

/** Up to so many slices are read for each window that has them: that costs less than to write what they come to. */
const FEW = 16

/** As KeyedSlices, of groups that are in a store. A window is put together key by key, in the order in which those stand there. */
export class StoredSlices<G extends SlicedGroup> implements Slices<G> {
  readonly #definition: SlicedDefinition<G>
  readonly #slices: StoredEnds<G>
  readonly #others: StoredEnds<G>
  readonly #merge: StoredMerge<G>
  #passed = 0

  constructor(definition: SlicedDefinition<G>, store: StateStore) {
    this.#definition = definition
    this.#slices = new StoredEnds(store.map('slices'), definition)
    this.#others = new StoredEnds(store.map('others'), definition)
    this.#merge = new StoredMerge(definition, this.#slices, store)
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
    const start = windows.startOf(end)
    const ends = this.#slices.ends.filter(slice => start < slice && slice <= end)
    const others = this.#others.at(end, 1)
    const parts =
      ends.length <= FEW
        ? this.#readSlices(end, ends, others)
        : this.#merge.windowAt(end, ends, others)
    for (const one of parts) {
      if (one === null || this.#isTurn()) yield null
      if (one !== null)
        yield mergeGroups(this.#definition, end, [one.before, one.behind, one.other])
    }
    while (windows.lastEnd(this.firstSlice - 1) <= end) {
      yield* this.#drop(this.#slices, this.firstSlice, leaves)
    }
    yield* this.#drop(this.#others, end, leaves)
  }

  #isTurn(): boolean {
    return ++this.#passed % TOLD_AT_ONCE === 0
  }

  *#readSlices(
    end: number,
    ends: readonly number[],
    others: Iterator<PlacedGroup<G>>
  ): Generator<WindowParts<G> | null> {
    const anchor = this.#definition.windows.anchorOf(end)
    const ranges = ends.map(slice => [slice, this.#slices.at(slice, ends.length)] as const)
    for (const { groups } of sideBySide([...ranges, [Infinity, others]])) {
      const before: G[] = []
      const behind: G[] = []
      let other: G | undefined = undefined
      for (const { number: slice, group } of groups) {
        if (this.#isTurn()) yield null
        if (slice === Infinity) other = group
        else if (slice <= anchor) before.push(group)
        else behind.push(group)
      }
      yield {
        before: mergeBefore(this.#definition, before),
        behind: mergeBehind(this.#definition, behind),
        other
      }
    }
  }

  *#drop(of: StoredEnds<G>, end: number, leaves: (group: G) => void): Generator<null> {
    for (const { group } of of.at(end, 1)) {
      if (this.#isTurn()) yield null
      of.leave()
      leaves(group)
    }
    of.free(end)
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
}
