import type { SlicedDefinition, SlicedGroup } from '../contract/index.ts'

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
