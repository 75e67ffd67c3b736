/** One figure of a run: the best of several samples. */
export interface Sample {
  readonly name: string
  /** Millions of operations per CPU-second: on a shared machine wall time measures the neighbours. */
  readonly rate: number
  /** The spread of the samples: (best - median) / best. */
  readonly noise: number
  readonly samples: number
}

/** CPU-seconds of this process so far, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/**
 * Runs each of `runs` in turn, `samples` times over, so that a slow phase of the machine hits all of them. A run answers
 * how many operations it did. The first rounds are for the just-in-time compiler and don't count.
 */
export function sampleInTurn(
  runs: Readonly<Record<string, () => number>>,
  samples = 15,
  warmUp = 4
): readonly Sample[] {
  const rates = new Map(Object.keys(runs).map(name => [name, [] as number[]]))
  for (let round = 0; round < warmUp + samples; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const before = cpuSeconds()
      const operations = run()
      const seconds = cpuSeconds() - before
      if (round >= warmUp) rates.get(name)!.push(operations / seconds / 1e6)
    }
  }
  return [...rates].map(([name, all]) => {
    const sorted = all.toSorted((a, b) => b - a)
    const best = sorted[0]!
    return { name, rate: best, noise: 1 - sorted[sorted.length >> 1]! / best, samples }
  })
}
