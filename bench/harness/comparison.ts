import type { BenchRun } from './case.ts'
import type { Figure } from './figure.ts'

/** Below this nothing is called a change, however steady the samples look. */
const THRESHOLD = 0.05

export interface Comparison {
  readonly name: string
  readonly before: number
  readonly after: number
  readonly unit: string
  /** How much better, as a share of what it was: -0.1 is a tenth worse. */
  readonly gain: number
  /** Changes inside it are noise. */
  readonly band: number
  readonly verdict: 'better' | 'worse' | 'within noise'
}

/** Every figure that both runs have, with what became of it. */
export function compareRuns(before: BenchRun, after: BenchRun): readonly Comparison[] {
  const found = new Map(namedFigures(before))
  return namedFigures(after).flatMap(([name, figure]) => {
    const old = found.get(name)
    return old === undefined ? [] : [compareFigures(name, old, figure)]
  })
}

function compareFigures(name: string, before: Figure, after: Figure): Comparison {
  const ratio = after.value / before.value
  const gain = (after.better === 'more' ? ratio : 1 / ratio) - 1
  const band = Math.max(THRESHOLD, before.noise, after.noise)
  const verdict = Math.abs(gain) <= band ? 'within noise' : gain > 0 ? 'better' : 'worse'
  const { unit } = after
  return { name, before: before.value, after: after.value, unit, gain, band, verdict }
}

/** Two runs of the same program as one: the better figure of each, and their distance as noise. */
export function mergeRuns(first: BenchRun, second: BenchRun): BenchRun {
  const other = new Map(namedFigures(second))
  const cases = first.cases.map(result => ({
    ...result,
    figures: result.figures.map(figure =>
      mergeFigures(figure, other.get(`${result.name}: ${figure.name}`))
    )
  }))
  return { ...second, cases }
}

function mergeFigures(first: Figure, second: Figure | undefined): Figure {
  if (second === undefined) return first
  const ascending = first.value < second.value
  const [low, high] = ascending ? [first, second] : [second, first]
  const best = first.better === 'more' ? high : low
  const distance = 1 - low.value / high.value
  return { ...best, noise: Math.max(distance, first.noise, second.noise) }
}

function namedFigures({ cases }: BenchRun): readonly (readonly [string, Figure])[] {
  return cases.flatMap(({ name, figures }) =>
    figures.map(figure => [`${name}: ${figure.name}`, figure] as const)
  )
}
