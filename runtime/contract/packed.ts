import type { GroupWindow } from './group.ts'
import type { SlicedStage } from './slices.ts'
import type { StageDefinition } from './stage.ts'

/**
 * A number that a packed group keeps: one that begins at 0; an integer that begins at 0, and may be wide; or a value, which begins as NULL, and
 * may be wide. Or a sum of doubles of which some may leave: see runtime/state/packed-sum.ts. What may be more than a number is read and
 * changed by the state.
 */
export type PackedNumber = 'number' | 'integer' | 'value' | 'sum'

/**
 * The groups of a GROUP BY whose aggregates keep nothing but numbers. A saved group is a tuple: its keys, then its numbers, of which the
 * first is how many rows count where rows may leave.
 */
export interface PackedStage extends StageDefinition {
  /** How many values of a saved group are its keys. */
  readonly keys: number
  readonly numbers: readonly PackedNumber[]
  /** What tells groups of one window, or of one slice, apart. */
  keyOf(saved: readonly unknown[]): unknown
}

export interface PackedDefinition extends PackedStage {
  windowOf(saved: readonly unknown[]): GroupWindow
  /** Whether what has become of groups is told at each barrier. */
  readonly tells: boolean
  /** From which watermark on a window is complete, in ms; Infinity: never. */
  closesAt(window: GroupWindow): number
}

/** Such groups of windows that overlap. Their keys are `end`, `whole` (see SlicedGroup) and those that do not tell windows apart. */
export interface PackedSlicedDefinition extends PackedStage, SlicedStage {
  /** Counts into the group at a place what is in another, which stays as it is. */
  merge(into: number, from: number): void
}
