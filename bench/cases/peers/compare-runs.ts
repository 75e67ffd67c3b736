import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { RunFigures } from '../../harness/measure-run.ts'

/** By program. */
export type Runs = Map<string, readonly RunFigures[]>

interface Column {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  pick(run: RunFigures): number
}

const cpu = { unit: 'CPU-s/M records', better: 'less' } as const
const rate = { unit: 'K records/s', better: 'more' } as const
const columns = {
  warm: { name: 'CPU, warm', ...cpu, pick: run => run.warmCpuSeconds },
  whole: { name: 'CPU, whole run', ...cpu, pick: run => run.cpuSeconds },
  broker: { name: 'CPU of the broker', ...cpu, pick: run => run.brokerCpuSeconds },
  warmRate: { name: 'rate, warm', ...rate, pick: run => run.warmRecordsPerSecond / 1000 },
  wholeRate: { name: 'rate, whole run', ...rate, pick: run => run.recordsPerSecond / 1000 },
  first: { name: 'first output', unit: 'ms', better: 'less', pick: run => run.firstOutput },
  memory: { name: 'peak memory', unit: 'MB', better: 'less', pick: run => run.peakMegabytes }
} as const satisfies Readonly<Record<string, Column>>

/** How much of something we may take of what the best of some programs takes. */
export interface Bar {
  readonly column: keyof typeof columns
  /** Programs whose names begin so. */
  readonly than: string
  /** Null: the ratio is only shown. */
  readonly most: number | null
}

/** Each program's figures. */
export function describeRuns(runs: Runs): Figure[] {
  const all: readonly Column[] = Object.values(columns)
  return [...runs].flatMap(([program, list]) =>
    all.map(({ name, unit, better, pick }) =>
      bestOf({ name: `${program}: ${name}`, unit, better }, list.map(pick))
    )
  )
}

/**
 * Bytes for each key that a program keeps at once: what its peak memory is more than that of the same job by few keys. `keys`: by
 * program.
 */
export function describeKeys(runs: Runs, few: Runs, keys: ReadonlyMap<string, number>): Figure[] {
  const { pick } = columns.memory
  return [...runs].flatMap(([program, list]) => {
    const lean = few.get(program)
    if (lean === undefined) return []
    const bytes = (leastOf(list, pick) - leastOf(lean, pick)) * 2 ** 20
    const labels = { name: `${program}: memory per key`, unit: 'B', better: 'less' } as const
    return [bestOf(labels, [bytes / keys.get(program)!])]
  })
}

/** The ratios of ours that there are bars for. */
export function compareRuns(ours: string, runs: Runs, bars: readonly Bar[]): Figure[] {
  return bars.flatMap(({ column, than, most }) => {
    const { name: what, pick } = columns[column]
    const best = [...runs]
      .filter(([program]) => program.startsWith(than))
      .sort(([, a], [, b]) => leastOf(a, pick) - leastOf(b, pick))[0]
    if (best === undefined) return []
    const [program, theirs] = best
    const name = `${ours} / ${program}: ${what}`
    const rounds = runs.get(ours)!.slice(0, theirs.length)
    const labels = { name, unit: 'x', better: 'less' } as const
    const bar = most === null ? {} : { bar: Number(most.toFixed(3)) }
    return [ratioOf({ ...labels, ...bar }, rounds.map(pick), theirs.map(pick))]
  })
}

function leastOf(runs: readonly RunFigures[], pick: Column['pick']): number {
  return Math.min(...runs.map(pick))
}
