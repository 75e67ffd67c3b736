/** One figure of a case, as it is printed, kept and compared. */
export interface Figure {
  /** Unique in its case. */
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** The best sample, since all that a shared machine does is take away; of ratios the median. */
  readonly value: number
  /** How far the samples lie apart, as a share of the value; 0 for a single sample. */
  readonly noise: number
  readonly samples: number
  /** What the figure has to reach; null: it is only shown. */
  readonly bar: number | null
}

type Labels = Pick<Figure, 'name' | 'unit' | 'better'> & { readonly bar?: number }

/** The best of several samples. */
export function bestOf(labels: Labels, samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => (labels.better === 'more' ? b - a : a - b))
  return { bar: null, ...labels, value: sorted[0]!, noise: spread(sorted), samples: sorted.length }
}

/**
 * How much of the first there is for each of the second, round by round: both of a round meet the same neighbours. The median,
 * with the middle half of the rounds as noise.
 */
export function ratioOf(
  labels: Labels,
  dividend: readonly number[],
  divisor: readonly number[]
): Figure {
  const rounds = dividend.map((sample, i) => sample / divisor[i]!).toSorted((a, b) => a - b)
  const value = median(rounds)
  const quarter = rounds.length >> 2
  const noise = (rounds[rounds.length - 1 - quarter]! - rounds[quarter]!) / value
  return { bar: null, ...labels, value, noise, samples: rounds.length }
}

/** Whether the bar is reached; null without one. */
export function reachesBar({ better, value, bar }: Figure): boolean | null {
  if (bar === null) return null
  return better === 'more' ? value >= bar : value <= bar
}

function spread(sorted: readonly number[]): number {
  return Math.abs(1 - median(sorted) / sorted[0]!)
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
