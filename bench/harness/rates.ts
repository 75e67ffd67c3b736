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

/** By CPU time, which neighbours on the core take nothing of, and by the clock. `bar` is one of both. */
export function compareRates(
  name: string,
  ours: readonly Rates[],
  theirs: readonly Rates[],
  bar?: number
): Figure[] {
  const more = { unit: 'x', better: 'more', ...(bar === undefined ? {} : { bar }) } as const
  const compare = (title: string, by: keyof Rates): Figure =>
    ratioOf(
      { name: title, ...more },
      ours.map(rates => rates[by]),
      theirs.map(rates => rates[by])
    )
  return [compare(name, 'perCpuSecond'), compare(`${name}, by the clock`, 'perSecond')]
}
