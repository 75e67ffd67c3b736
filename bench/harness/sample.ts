import { readFileSync } from 'node:fs'

/** The unit of CPU times in /proc: USER_HZ, 100 on every Linux that Node runs on. */
export const TICKS_PER_SECOND = 100

/** CPU-seconds of this process so far, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** CPU-seconds of this process's children that have ended, and of theirs. */
export function childCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND
}

/**
 * Runs each of `runs` in turn, `samples` times over, so that a slow phase of the machine hits all of them. A run answers
 * how many operations it did; a sample is millions of them per CPU-second of this process. The first rounds are for the
 * just-in-time compiler and don't count.
 */
export function sampleInTurn<Name extends string>(
  runs: Readonly<Record<Name, () => number>>,
  samples = 15,
  warmUp = 4
): Readonly<Record<Name, readonly number[]>> {
  const names = Object.keys(runs) as Name[]
  const rates = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<
    Name,
    number[]
  >
  for (let round = 0; round < warmUp + samples; round++) {
    for (const name of names) {
      const before = cpuSeconds()
      const operations = runs[name]()
      const seconds = cpuSeconds() - before
      if (round >= warmUp) rates[name].push(operations / seconds / 1e6)
    }
  }
  return rates
}
