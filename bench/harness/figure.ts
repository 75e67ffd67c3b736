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
  /** In the order in which they were taken. */
  readonly samples: readonly number[]
  /** What the figure has to reach; null: it is only shown. */
  readonly bar: number | null
  /** Whether it does; null without a bar. */
  readonly isMet: boolean | null
}

type Labels = Pick<Figure, 'name' | 'unit' | 'better'> & { readonly bar?: number }

/** The best of several samples. */
export function bestOf(labels: Labels, samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => (labels.better === 'more' ? b - a : a - b))
  return judge({ ...labels, value: sorted[0]!, noise: spread(sorted), samples })
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
  const samples = dividend.map((sample, i) => sample / divisor[i]!)
  const rounds = samples.toSorted((a, b) => a - b)
  const value = median(rounds)
  const quarter = rounds.length >> 2
  const noise = (rounds[rounds.length - 1 - quarter]! - rounds[quarter]!) / value
  return judge({ ...labels, value, noise, samples })
}

function judge(measured: Labels & Pick<Figure, 'value' | 'noise' | 'samples'>): Figure {
  const { better, value, bar } = measured
  if (bar === undefined) return { ...measured, bar: null, isMet: null }
  return { ...measured, bar, isMet: better === 'more' ? value >= bar : value <= bar }
}

function spread(sorted: readonly number[]): number {
  return Math.abs(1 - median(sorted) / sorted[0]!)
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** With three digits and its unit; whole numbers as they are. */
export function formatValue({ value, unit }: Figure): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  const number = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
  return unit === 'x' ? `${number} x` : `${number} ${unit}`
}

export function formatNoise({ noise, samples }: Figure): string {
  return samples.length > 1 ? `${(noise * 100).toFixed(0)}% of ${samples.length}` : ''
}

/** Empty without a bar. */
export function formatBar({ better, bar, isMet }: Figure): string {
  if (bar === null) return ''
  return `${better === 'more' ? 'at least' : 'at most'} ${bar}: ${isMet === true ? 'met' : 'MISSED'}`
}
