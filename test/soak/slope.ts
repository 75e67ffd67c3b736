export interface Sample {
  /** Seconds. */
  readonly at: number
  readonly value: number
}

/** By how much the value grows in a second: least squares. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [at, value] = [mean(sample => sample.at), mean(sample => sample.value)]
  const spread = samples.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0)
  const together = samples.reduce(
    (sum, sample) => sum + (sample.at - at) * (sample.value - value),
    0
  )
  return spread === 0 ? 0 : together / spread
}
