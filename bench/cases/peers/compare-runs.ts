import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { RunFigures } from '../../harness/measure-run.ts'
import { formatTable } from '../../harness/table.ts'

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
interface Bar {
  readonly jobs: RegExp
  readonly column: keyof typeof columns
  /** Programs whose names begin so. */
  readonly than: string
  readonly most: number
}

const bars: readonly Bar[] = [
  { jobs: /121 B/, column: 'warm', than: 'Flink SQL', most: 1 / 3 },
  { jobs: /121 B/, column: 'warm', than: 'Kafka Streams', most: 1 / 3 },
  { jobs: /^A 121 B/, column: 'warm', than: 'Node', most: 1 / 6 },
  { jobs: /^A/, column: 'warm', than: 'Go', most: 1 },
  { jobs: /^A 121 B/, column: 'first', than: 'Kafka Streams', most: 1 / 10 },
  { jobs: /^A 121 B/, column: 'memory', than: 'Kafka Streams', most: 1 / 6 }
]

/** Prints a job's programs as one table; answers its figures, and the ratios of ours that there are bars for. */
export function compareRuns(job: string, ours: string, runs: Runs): Figure[] {
  const all: readonly Column[] = Object.values(columns)
  const figures = [...runs].map(([program, list]) => ({
    program,
    figures: all.map(({ name, unit, better, pick }) =>
      bestOf({ name: `${job}: ${program}: ${name}`, unit, better }, list.map(pick))
    )
  }))
  console.log(
    formatTable([
      [job, ...all.map(({ name, unit }) => `${name}, ${unit}`)],
      ...figures.map(row => [row.program, ...row.figures.map(({ value }) => value)])
    ])
  )
  return [...figures.flatMap(row => row.figures), ...compareWithBars(job, ours, runs)]
}

function compareWithBars(job: string, ours: string, runs: Runs): Figure[] {
  return bars.flatMap(({ jobs, column, than, most }) => {
    const { name: what, pick } = columns[column]
    const best = [...runs]
      .filter(([program]) => jobs.test(job) && program.startsWith(than))
      .sort(([, a], [, b]) => leastOf(a, pick) - leastOf(b, pick))[0]
    if (best === undefined) return []
    const [program, theirs] = best
    const name = `${job}: ${ours} / ${program}: ${what}`
    const rounds = runs.get(ours)!.slice(0, theirs.length)
    const labels = { name, unit: 'x', better: 'less', bar: Number(most.toFixed(3)) } as const
    return [ratioOf(labels, rounds.map(pick), theirs.map(pick))]
  })
}

function leastOf(runs: readonly RunFigures[], pick: Column['pick']): number {
  return Math.min(...runs.map(pick))
}
