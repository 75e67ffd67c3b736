import type { Rule } from './rule.ts'
import { foldConstants } from './rules/fold-constants.ts'
import { mergeFilters } from './rules/merge-filters.ts'
import { mergeProjects } from './rules/merge-projects.ts'
import { pushFilterDown } from './rules/push-filter-down.ts'
import { sliceWindows } from './rules/slice-windows.ts'
import { shareSubexpressions } from './rules/share-subexpressions.ts'

/** Every rule, in the order it runs in each round. */
export const rules: readonly Rule[] = [
  // First, so that the others see TRUE as TRUE.
  foldConstants,
  // Before filters and projections have gone through what makes windows of a row.
  sliceWindows,
  // Filters move towards the sources, where they save the most work, ...
  pushFilterDown,
  // ... and what meets there becomes one node.
  mergeFilters,
  mergeProjects,
  // Last: it adds a Project that mergeProjects would merge back if it came before; the columns it adds are used twice, which
  // mergeProjects respects.
  shareSubexpressions
]
