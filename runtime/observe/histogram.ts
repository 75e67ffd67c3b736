/** How often values fell below each of some bounds, as Prometheus counts them. Costs one loop over the bounds per value. */
export class Histogram {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[]
  /** Values up to each bound and above the one before it; the last: above all. */
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  /** A value, or one that stands for `weight` of them. */
  observe(value: number, weight = 1): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++
    this.counts[bucket]! += weight
    this.sum += value * weight
  }

  snapshot(): HistogramSnapshot {
    return { bounds: this.bounds, counts: [...this.counts], sum: this.sum }
  }
}

/** A histogram as a document has it. */
export interface HistogramSnapshot {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  readonly sum: number
}

/** Seconds, from what a commit on this machine takes to what nobody would wait for. */
export const SECONDS: readonly number[] = Object.freeze([
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
])

/** Records of a batch. */
export const BATCH_SIZES: readonly number[] = Object.freeze([
  1, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000
])

/** How many values there are. */
export function countOf({ counts }: HistogramSnapshot): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Below which value a share of all is, as near as the bounds tell; null: there are none. */
export function quantileOf(histogram: HistogramSnapshot, share: number): number | null {
  const { bounds, counts } = histogram
  const count = countOf(histogram)
  if (count === 0) return null
  const rank = share * count
  let below = 0
  for (const [bucket, inside] of counts.entries()) {
    if (below + inside >= rank && inside > 0) {
      // Above all bounds nothing more is known than the last of them.
      const upper = bounds[bucket]
      if (upper === undefined) return bounds.at(-1)!
      const lower = bounds[bucket - 1] ?? 0
      return lower + ((upper - lower) * (rank - below)) / inside
    }
    below += inside
  }
  return bounds.at(-1)!
}
