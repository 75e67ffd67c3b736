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
  /** What `follow` said of a copy. */
  nextOf(copy: G): G | null
  follow(copy: G, next: G | null): void
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

/** Groups that are objects: who has none any more need not say so. */
export function objectGroups<G extends SlicedGroup>(
  definition: SlicedDefinition<G>
): SliceGroups<G> {
  return {
    endOf: group => group.end,
    copy: (group, end) => mergeGroups(definition, end, [group]),
    merge: definition.merge,
    free() {},
    nextOf: copy => copy.next as G | null,
    follow(copy, next) {
      copy.next = next
    }
  }
}
