import { bestOf, type Figure, ratioOf } from './figure.ts'

/** Thousands of records, by the clock and by the CPU time of a program: the same on a core that nobody else wants. */
export interface Rates {
  readonly perSecond: number
  readonly perCpuSecond: number
}

export function ratesOf(records: number, seconds: number, cpuSeconds: number): Rates {
  return { perSecond: records / seconds / 1000, perCpuSecond: records / cpuSeconds / 1000 }
}

/** `bar` is one of the clock. */
export function describeRates(name: string, rates: readonly Rates[], bar?: number): Figure[] {
  const more = { better: 'more', ...(bar === undefined ? {} : { bar }) } as const
  return [
    bestOf(
      { name, unit: 'K records/s', ...more },
      rates.map(({ perSecond }) => perSecond)
    ),
    bestOf(
      { name: `${name}, by CPU`, unit: 'K records/CPU-s', better: 'more' },
      rates.map(({ perCpuSecond }) => perCpuSecond)
    )
  ]
}

/** By CPU time: what neighbours take of the core is not in it. */
export function compareRates(
  name: string,
  ours: readonly Rates[],
  theirs: readonly Rates[],
  bar?: number
): Figure {
  const labels = { name, unit: 'x', better: 'more' } as const
  return ratioOf(
    bar === undefined ? labels : { ...labels, bar },
    ours.map(({ perCpuSecond }) => perCpuSecond),
    theirs.map(({ perCpuSecond }) => perCpuSecond)
  )
}
