import type { SlicedDefinition, SlicedGroup } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
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
 * made depends on the slices alone, so that doubles come to the same after a restart, and in a store (`StoredMerge`).
 */
export class SliceMerge<G extends SlicedGroup> {
  readonly #definition: SlicedDefinition<G>
  #anchor = NaN
  /** By key what all slices from one on up to the anchor come to, the first of them last; `end` is that of the first one. */
  readonly #before = new KeyMap<unknown, G[]>()
  /** What all slices between the anchor and `#reached` come to. */
  readonly #behind = new KeyMap<unknown, G>()
  #reached = -Infinity
  #passed = 0

  constructor(definition: SlicedDefinition<G>) {
    this.#definition = definition
  }

  /**
   * The groups of the window that ends here; null: others may get a turn. `others`: what is in this window, and in no slice.
   */
  *windowAt(end: number, slices: SlicesByEnd<G>, others: Slice<G>): Generator<G | null> {
    const { windows } = this.#definition
    const start = windows.startOf(end)
    const anchor = windows.anchorOf(end)
    if (anchor !== this.#anchor) yield* this.#moveTo(anchor, start, slices)
    yield* this.#reach(end, slices)
    for (const [key, groups] of this.#before) {
      if (this.#isTurn()) yield null
      while (groups.length > 0 && groups.at(-1)!.end <= start) groups.pop()
      const first = groups.at(-1)
      if (first === undefined) this.#before.delete(key)
      else yield this.#merged(end, first, this.#behind.get(key), others.get(key))
    }
    for (const [key, group] of this.#behind) {
      if (this.#isTurn()) yield null
      if (!this.#before.has(key)) yield this.#merged(end, group, others.get(key))
    }
    for (const [key, group] of others) {
      if (this.#isTurn()) yield null
      if (!this.#before.has(key) && !this.#behind.has(key)) yield this.#merged(end, group)
    }
  }

  #isTurn(): boolean {
    return ++this.#passed % TOLD_AT_ONCE === 0
  }

  *#moveTo(anchor: number, start: number, slices: SlicesByEnd<G>): Generator<null> {
    this.#anchor = anchor
    this.#reached = anchor
    this.#behind.clear()
    this.#before.clear()
    for (const [key, group] of between(slices, start, anchor)) {
      if (this.#isTurn()) yield null
      const groups = this.#before.get(key)
      if (groups === undefined) this.#before.set(key, [group])
      else groups.push(group)
    }
    for (const groups of this.#before.values()) {
      if (this.#isTurn()) yield null
      groups.reverse()
      for (let i = 1; i < groups.length; i++) {
        groups[i] = this.#merged(groups[i]!.end, groups[i]!, groups[i - 1])
      }
    }
  }

  *#reach(end: number, slices: SlicesByEnd<G>): Generator<null> {
    for (const [key, group] of between(slices, this.#reached, end)) {
      if (this.#isTurn()) yield null
      const known = this.#behind.get(key)
      if (known === undefined) this.#behind.set(key, this.#merged(end, group))
      else this.#definition.merge(known, group)
    }
    this.#reached = end
  }

  #merged(end: number, ...groups: readonly (G | undefined)[]): G {
    return mergeGroups(this.#definition, end, groups)
  }
}

/** What groups come to, of which there is one at least. */
export function mergeGroups<G extends SlicedGroup>(
  { make, merge }: SlicedDefinition<G>,
  end: number,
  groups: readonly (G | undefined)[]
): G {
  const merged = make(
    end,
    groups.find(group => group !== undefined)!
  )
  for (const group of groups) if (group !== undefined) merge(merged, group)
  return merged
}

/** What a window has of one key, of which there is one at least. */
export interface WindowParts<G> {
  /** What its slices up to the anchor come to. */
  readonly before: G | undefined
  readonly behind: G | undefined
  /** What is in no slice. */
  readonly other: G | undefined
}

/** What the groups of one key in all slices of a window up to the anchor come to, in their order, by the merges of SliceMerge. */
export function mergeBefore<G extends SlicedGroup>(
  definition: SlicedDefinition<G>,
  groups: readonly G[]
): G | undefined {
  return groups.reduceRight<G | undefined>(
    (all, group) => (all === undefined ? group : mergeGroups(definition, group.end, [group, all])),
    undefined
  )
}

/** As `mergeBefore`, of those behind the anchor. */
export function mergeBehind<G extends SlicedGroup>(
  definition: SlicedDefinition<G>,
  groups: readonly G[]
): G | undefined {
  const [first] = groups
  return first === undefined ? undefined : mergeGroups(definition, first.end, groups)
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
