import type { StageDefinition } from './stage.ts'
import type { WrittenSet } from './written-set.ts'

/** What the runtime sees of a group; generated classes have its keys and aggregates beside. */
export interface Group {
  /** Its place among those that changed since the last commit; -1: it did not. */
  touched: number
  /** Whether the changelog or a checkpoint has it. */
  stored: boolean
}

/** Where a group's window starts or ends, as the query has it; null: groups have no window. */
export type GroupWindow = number | bigint | null

/** The groups of a GROUP BY, which are kept as state. A saved group is a tuple: its keys, then what its aggregates keep. */
export interface GroupDefinition<G extends Group = Group> extends StageDefinition {
  /** How many values of a saved group are its keys. */
  readonly keys: number
  save(group: G): unknown[]
  /** What a group keeps that is written apart from it, always in the same order; null: nothing. */
  readonly sets: ((group: G) => readonly WrittenSet[]) | null
  load(saved: readonly unknown[]): G
  windowOf(saved: readonly unknown[]): GroupWindow
  /** What tells groups of one window apart. */
  keyOf(saved: readonly unknown[]): unknown
  /** Whether groups go that have not changed for a while. */
  readonly expires: boolean
  /** From which watermark on a window is complete, in ms; Infinity: never. */
  closesAt(window: GroupWindow): number
}
