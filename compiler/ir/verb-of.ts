import type { BoundChange, BoundChangeQuery } from './bound-table.ts'

const verbs = { InsertValues: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const

/** What a statement does to its table. */
export function verbOf(change: BoundChange): BoundChangeQuery['verb'] {
  return change.kind === 'ChangeQuery' ? change.verb : verbs[change.kind]
}
