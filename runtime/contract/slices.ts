import type { Group } from './group.ts'
import type { StageDefinition } from './stage.ts'

/** Windows that overlap, of one size or growing from one start, and the slices that they are made of. Times are in ms. */
export interface SlicedWindows {
  /** From the end of one window to that of the next. */
  readonly step: number
  /** The end of the first window that a time is in: the first end behind it. */
  firstEnd(time: number): number
  /** The end of the last window that a time is in. */
  lastEnd(time: number): number
  /** Where the slice ends that a time is in: all times of a slice are in the same windows. */
  sliceEnd(time: number): number
  /** Where a window starts, of its end. */
  startOf(end: number): number
  /**
   * An end of a slice in a window, or its start: one that as many windows as can be have in common, and behind which those are that
   * begin later.
   */
  anchorOf(end: number): number
}

/** A group of the rows of a slice, or of those rows of a window that are not in its slices. */
export interface SlicedGroup extends Group {
  /** Where the slice, or the window, ends. */
  readonly end: number
  /** 1: its rows count in all windows of the slice. 0: in this window. */
  readonly whole: number
  /** While windows are put together: which group of its key is the next one; null: none is. */
  next: SlicedGroup | null
}

/** A GROUP BY of windows that overlap. */
export interface SlicedStage extends StageDefinition {
  readonly windows: SlicedWindows
  /** How far behind its end, in ms, the watermark is when a window is complete. */
  readonly lag: number
  /** What tells groups of one slice apart. */
  keyOf(saved: readonly unknown[]): unknown
}

/**
 * The groups of such a stage. A saved group is a tuple: `end`, `whole`, its keys without those that tell windows apart, then what its
 * aggregates keep.
 */
export interface SlicedDefinition<G extends SlicedGroup = SlicedGroup> extends SlicedStage {
  /** How many values of a saved group tell it from the others. */
  readonly keys: number
  save(group: G): unknown[]
  load(saved: readonly unknown[]): G
  /** A group of no rows, that ends here, with the keys of another. */
  make(end: number, like: G): G
  /** Counts into a group what is in another, which stays as it is. */
  merge(into: G, from: G): void
}
