import type { PartitionTime } from '../contract/index.ts'

/** The latest watermark of some partitions; null: none has one. */
export function latestOf(times: readonly (PartitionTime | null)[]): number | null {
  const marks = times.flatMap(time => time?.mark ?? [])
  return marks.length === 0 ? null : Math.max(...marks)
}
