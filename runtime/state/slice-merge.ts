import type { SlicedDefinition, SlicedGroup } from '../contract/index.ts'

/** The groups of one slice by key. */
export type Slice<G> = ReadonlyMap<unknown, G>

/** What is kept by the end of its slice: ends ascend. */
export interface Slices<G> {
  readonly ends: readonly number[]
  of(end: number): Slice<G>
}

/**
 * Puts windows together of slices, each in its turn, with three merges per group of a slice and one or two per group of a window,
 * however many slices a window has: what lies before an anchor is merged from its end to the front once, what lies behind it as
 * windows go on (M. van Herk, 1992; J. Gil and M. Werman, 1993). Slices must not change once a window has them. Which merges are
 * made depends on the slices alone, so that doubles come to the same after a restart.
 */
export class SliceMerge<G extends SlicedGroup> {
  readonly #definition: SlicedDefinition<G>
  #anchor = NaN
  /** By key what all slices from one on up to the anchor come to, the first of them last; `end` is that of the first one. */
  readonly #before = new Map<unknown, G[]>()
  /** What all slices between the anchor and `#reached` come to. */
  readonly #behind = new Map<unknown, G>()
  #reached = -Infinity

  constructor(definition: SlicedDefinition<G>) {
    this.#definition = definition
  }

  /** The groups of the window that ends here. `others`: what is in this window, and in no slice. */
  *windowAt(end: number, slices: Slices<G>, others: Slice<G>): Generator<G> {
    const { windows } = this.#definition
    const start = windows.startOf(end)
    const anchor = windows.anchorOf(end)
    if (anchor !== this.#anchor) this.#moveTo(anchor, start, slices)
    this.#reach(end, slices)
    for (const [key, groups] of this.#before) {
      while (groups.length > 0 && groups.at(-1)!.end <= start) groups.pop()
      const first = groups.at(-1)
      if (first === undefined) this.#before.delete(key)
      else yield this.#merged(end, first, this.#behind.get(key), others.get(key))
    }
    for (const [key, group] of this.#behind) {
      if (!this.#before.has(key)) yield this.#merged(end, group, others.get(key))
    }
    for (const [key, group] of others) {
      if (!this.#before.has(key) && !this.#behind.has(key)) yield this.#merged(end, group)
    }
  }

  #moveTo(anchor: number, start: number, slices: Slices<G>): void {
    this.#anchor = anchor
    this.#reached = anchor
    this.#behind.clear()
    this.#before.clear()
    for (const [key, group] of between(slices, start, anchor)) {
      const groups = this.#before.get(key)
      if (groups === undefined) this.#before.set(key, [group])
      else groups.push(group)
    }
    for (const groups of this.#before.values()) {
      groups.reverse()
      for (let i = 1; i < groups.length; i++) {
        groups[i] = this.#merged(groups[i]!.end, groups[i]!, groups[i - 1])
      }
    }
  }

  #reach(end: number, slices: Slices<G>): void {
    for (const [key, group] of between(slices, this.#reached, end)) {
      const known = this.#behind.get(key)
      if (known === undefined) this.#behind.set(key, this.#merged(end, group))
      else this.#definition.merge(known, group)
    }
    this.#reached = end
  }

  #merged(end: number, ...groups: readonly (G | undefined)[]): G {
    const { make, merge } = this.#definition
    const merged = make(end, groups[0]!)
    for (const group of groups) if (group !== undefined) merge(merged, group)
    return merged
  }
}

/** The groups of the slices that end behind `after`, and not behind `last`. */
function* between<G>(
  { ends, of }: Slices<G>,
  after: number,
  last: number
): Generator<readonly [key: unknown, group: G]> {
  for (const end of ends) {
    if (end > last) return
    if (end > after) yield* of(end)
  }
}
