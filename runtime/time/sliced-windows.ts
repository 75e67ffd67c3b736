import type { SlicedWindows } from '../contract/index.ts'

/**
 * Windows of `size` that begin at every `offset` + a multiple of `step`, in slices that end where a window begins or ends: two per
 * step, or one where the size is a multiple of it (S. Krishnamurthy and others, "On-the-fly sharing for streamed aggregation", 2006).
 */
export function hopWindows(step: number, size: number, offset: number): SlicedWindows {
  /** Anchors are that far apart, as the windows are long, but for what is no whole step. */
  const block = Math.floor(size / step) * step
  const firstEnd = (time: number): number => floorTo(time - size, step, offset) + step + size
  return {
    step,
    firstEnd,
    lastEnd: time => floorTo(time, step, offset) + size,
    sliceEnd: time => Math.min(floorTo(time, step, offset) + step, firstEnd(time)),
    startOf: end => end - size,
    anchorOf: end => floorTo(end - size, block, offset) + block
  }
}

/** Windows that begin together at every `offset` + a multiple of `size`, and grow by `step` up to it: slices of a step. */
export function cumulateWindows(step: number, size: number, offset: number): SlicedWindows {
  const firstEnd = (time: number): number => floorTo(time, step, offset) + step
  const startOf = (end: number): number => floorTo(end - 1, size, offset)
  return {
    step,
    firstEnd,
    lastEnd: time => floorTo(time, size, offset) + size,
    sliceEnd: firstEnd,
    startOf,
    anchorOf: startOf
  }
}

function floorTo(time: number, step: number, offset: number): number {
  return Math.floor((time - offset) / step) * step + offset
}
