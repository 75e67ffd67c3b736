import type { SlicedDefinition, SlicedGroup } from '../contract/index.ts'
import { mergeGroups } from './merge-groups.ts'

/** What becomes of groups of slices as windows are put together: they are objects, or places in arrays. */
export interface SliceGroups<G> {
  endOf(group: G): number
  /** A group of its own with the keys of another, and what is in it; it ends here, and is in one window alone. */
  copy(group: G, end: number): G
  /** Counts into a group what is in another, which stays as it is. */
  merge(into: G, from: G): void
  /** Nobody has the group any more. */
  free(group: G): void
  /** What a group of a slice is, also when the slice has left. */
  keep(group: G): G
  /** What a kept group and another come to; the former may be it, and is not used any more. */
  plus(kept: G, group: G): G
  /** What `follow` said of a kept group. */
  nextOf(kept: G): G | null
  follow(kept: G, next: G | null): void
}

/** What a state does with its groups beside. */
export interface KeptGroups<G> extends SliceGroups<G> {
  /** Nobody has the group any more, which is to be told to those who have it stored. */
  leave(group: G): void
  /** To be called before a group changes. */
  touch(group: G): void
  /** A group that is stored. */
  load(saved: readonly unknown[]): G
}

/**
 * Groups that are objects: who has none any more need not say so, and one stays what it is when its slice has left. So it is not copied to be
 * kept, as in a store: to copy is to merge into nothing, which rounds what variances are made of.
 */
export function objectGroups<G extends SlicedGroup>(
  definition: SlicedDefinition<G>
): SliceGroups<G> {
  return {
    endOf: group => group.end,
    copy: (group, end) => mergeGroups(definition, end, [group]),
    merge: definition.merge,
    free() {},
    keep: group => group,
    plus(kept, group) {
      kept.next = null
      return mergeGroups(definition, kept.end, [kept, group])
    },
    nextOf: kept => kept.next as G | null,
    follow(kept, next) {
      kept.next = next
    }
  }
}
