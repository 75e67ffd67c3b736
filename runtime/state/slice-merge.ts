import type { SlicedWindows } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import type { SliceGroups } from './slice-groups.ts'
import { TOLD_AT_ONCE } from './told-at-once.ts'

/** The groups of one slice by key. */
export type Slice<G> = KeyMap<unknown, G>

/** What is kept by the end of its slice: ends ascend. */
export interface SlicesByEnd<G> {
  readonly ends: readonly number[]
  of(end: number): Slice<G>
}

/**
 * Puts windows together of slices, each in its turn, with three merges per group of a slice and one or two per group of a window,
 * however many slices a window has: what lies before an anchor is merged from its end to the front once, what lies behind it as
 * windows go on (M. van Herk, 1992; J. Gil and M. Werman, 1993). Slices must not change once a window has them. Which merges are
 * made depends on the slices alone, so that doubles come to the same after a restart, and in a store (`StoredMerge`). What it has of
 * slices it keeps, so that those may leave whenever no window needs them.
 */
export class SliceMerge<G> {
  readonly #windows: SlicedWindows
  readonly #groups: SliceGroups<G>
  #anchor = NaN
  /** By key what all slices from the first one on up to the anchor come to; what those from the next one on come to follows. */
  readonly #before = new KeyMap<unknown, G>()
  /** What all slices between the anchor and `#reached` come to. */
  readonly #behind = new KeyMap<unknown, G>()
  #reached = -Infinity
  #passed = 0

  constructor(windows: SlicedWindows, groups: SliceGroups<G>) {
    this.#windows = windows
    this.#groups = groups
  }

  /**
   * The groups of the window that ends here, each until the next one is asked for; null: others may get a turn. `others`: what is in
   * this window, and in no slice.
   */
  *windowAt(end: number, slices: SlicesByEnd<G>, others: Slice<G>): Generator<G | null> {
    const start = this.#windows.startOf(end)
    const anchor = this.#windows.anchorOf(end)
    if (anchor !== this.#anchor) yield* this.#moveTo(anchor, start, slices)
    yield* this.#reach(end, slices)
    for (const [key, known] of this.#before) {
      if (this.#isTurn()) yield null
      const first = this.#firstBehind(start, key, known)
      if (first === null) continue
      const group = this.#merged(end, first, this.#behind.get(key), others.get(key))
      yield group
      this.#groups.free(group)
    }
    for (const [key, behind] of this.#behind) {
      if (this.#isTurn()) yield null
      if (this.#before.has(key)) continue
      const group = this.#merged(end, behind, others.get(key))
      yield group
      this.#groups.free(group)
    }
    for (const [key, other] of others) {
      if (this.#isTurn()) yield null
      if (this.#before.has(key) || this.#behind.has(key)) continue
      const group = this.#merged(end, other, undefined)
      yield group
      this.#groups.free(group)
    }
  }

  #isTurn(): boolean {
    return ++this.#passed % TOLD_AT_ONCE === 0
  }

  /** The first that a window has of what was `known` of a key; null: it has none. */
  #firstBehind(start: number, key: unknown, known: G): G | null {
    let first: G | null = known
    while (first !== null && this.#groups.endOf(first) <= start) first = this.#freeFirst(first)
    if (first === null) this.#before.delete(key)
    else if (first !== known) this.#before.set(key, first)
    return first
  }

  /** Answers what follows. */
  #freeFirst(first: G): G | null {
    const next = this.#groups.nextOf(first)
    this.#groups.free(first)
    return next
  }

  *#moveTo(anchor: number, start: number, slices: SlicesByEnd<G>): Generator<null> {
    yield* this.#clear()
    this.#anchor = anchor
    this.#reached = anchor
    for (const [key, group] of between(slices, start, anchor)) {
      if (this.#isTurn()) yield null
      const kept = this.#groups.keep(group)
      this.#groups.follow(kept, this.#before.get(key) ?? null)
      this.#before.set(key, kept)
    }
    for (const [key, last] of this.#before) {
      if (this.#isTurn()) yield null
      this.#before.set(key, this.#mergeToFirst(last))
    }
  }

  *#clear(): Generator<null> {
    for (const known of this.#before.values()) {
      if (this.#isTurn()) yield null
      for (let first: G | null = known; first !== null;) first = this.#freeFirst(first)
    }
    this.#before.clear()
    for (const group of this.#behind.values()) {
      if (this.#isTurn()) yield null
      this.#groups.free(group)
    }
    this.#behind.clear()
  }

  /** Each gets what those behind it come to. `last`: the slices before it follow. Answers the first, which those behind it follow. */
  #mergeToFirst(last: G): G {
    const groups = this.#groups
    let group = last
    let before = groups.nextOf(last)
    groups.follow(last, null)
    while (before !== null) {
      const next = groups.nextOf(before)
      const both = groups.plus(before, group)
      groups.follow(both, group)
      group = both
      before = next
    }
    return group
  }

  *#reach(end: number, slices: SlicesByEnd<G>): Generator<null> {
    for (const [key, group] of between(slices, this.#reached, end)) {
      if (this.#isTurn()) yield null
      const known = this.#behind.get(key)
      if (known === undefined) this.#behind.set(key, this.#groups.copy(group, end))
      else this.#groups.merge(known, group)
    }
    this.#reached = end
  }

  #merged(end: number, first: G, second: G | undefined, third?: G): G {
    const merged = this.#groups.copy(first, end)
    if (second !== undefined) this.#groups.merge(merged, second)
    if (third !== undefined) this.#groups.merge(merged, third)
    return merged
  }
}

/** The groups of the slices that end behind `after`, and not behind `last`. */
function* between<G>(
  { ends, of }: SlicesByEnd<G>,
  after: number,
  last: number
): Generator<readonly [key: unknown, group: G]> {
  for (const end of ends) {
    if (end > last) return
    if (end > after) yield* of(end)
  }
}
