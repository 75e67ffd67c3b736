import type { GroupWindow } from './group.ts'
import type { StageDefinition } from './stage.ts'

/**
 * A number that a packed group keeps: one that begins at 0; an integer that begins at 0, and may be wide; or a value, which begins as NULL, and
 * may be wide. What may be more than a number is read and changed by the state.
 */
export type PackedNumber = 'number' | 'integer' | 'value'

/**
 * The groups of a GROUP BY whose aggregates keep nothing but numbers. A saved group is a tuple: its keys, then its numbers, of which the
 * first is how many rows count where rows may leave.
 */
export interface PackedDefinition extends StageDefinition {
  /** How many values of a saved group are its keys. */
  readonly keys: number
  readonly numbers: readonly PackedNumber[]
  windowOf(saved: readonly unknown[]): GroupWindow
  /** What tells groups of one window apart. */
  keyOf(saved: readonly unknown[]): unknown
  /** Whether what has become of groups is told at each barrier. */
  readonly tells: boolean
  /** From which watermark on a window is complete, in ms; Infinity: never. */
  closesAt(window: GroupWindow): number
}
