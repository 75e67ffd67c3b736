/** One figure of a case, as it is printed, kept and compared. */
export interface Figure {
  /** Unique in its case. */
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** The best sample: on a shared machine everything else measures the neighbours. */
  readonly value: number
  /** How far the median lies from the best, as a share of it; 0 for a single sample. */
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

/** How much of the first there is for each of the second: the ratio of the bests, with the spread of the rounds' ratios. */
export function ratioOf(
  labels: Labels,
  dividend: readonly number[],
  divisor: readonly number[]
): Figure {
  const pick = labels.better === 'more' ? Math.max : Math.min
  const value = pick(...dividend) / pick(...divisor)
  const rounds = dividend.map((sample, i) => sample / divisor[i]!).toSorted((a, b) => a - b)
  const noise = Math.abs(1 - median(rounds) / value)
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
