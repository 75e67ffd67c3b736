import { txn10k, txn130, txn1k } from '../../data/transactions.ts'
import type { BenchCase, BenchOptions } from '../../harness/case.ts'
import type { RunFigures } from '../../harness/measure-run.ts'
import { type Bar, compareRuns, describeRuns, type Runs } from './compare-runs.ts'
import { buildContestants } from './contestants.ts'
import { type Job, verdictsJob, windowsJob } from './job.ts'
import { runOurs, runPeer } from './run-job.ts'

export const OURS = 'miraclec'

interface Contest {
  readonly title: string
  /** Beside programs in Node, or beside all others. */
  readonly onNode: boolean
  readonly kind: Job['kind']
  readonly bars: readonly Bar[]
  /** Called when its turn comes: what a job expects takes memory. */
  job(input: string, options: BenchOptions): Job
  value(n: number): Uint8Array
}

const small = { value: (n: number) => txn130(n) }

const contests = {
  'job-a-121b': {
    title: 'filter, CASE and 4 columns of JSON of 121 bytes',
    ...{ onNode: false, kind: 'verdicts', ...small },
    job: (input, { records }) => verdictsJob(input, records),
    bars: [
      { column: 'warm', than: 'Flink SQL', most: 1 / 3 },
      { column: 'warm', than: 'Kafka Streams', most: 1 / 3 },
      { column: 'warm', than: 'Go', most: 1 },
      { column: 'warm', than: 'Rust', most: null },
      { column: 'memory', than: 'Kafka Streams', most: 1 / 6 }
    ]
  },
  'job-a-121b-node': {
    title: 'the same, beside programs in Node',
    ...{ onNode: true, kind: 'verdicts', ...small },
    job: (input, { records }) => verdictsJob(input, records / 4),
    bars: [{ column: 'warm', than: 'Node', most: 1 / 6 }]
  },
  'job-a-1kb': {
    title: 'filter, CASE and 4 of 24 columns of JSON of 1 KB',
    ...{ onNode: false, kind: 'verdicts', value: (n: number) => txn1k(n) },
    job: (input, { records }) => verdictsJob(input, records / 4),
    bars: [
      { column: 'warm', than: 'Go', most: 1 },
      { column: 'warm', than: 'Flink SQL', most: null },
      { column: 'warm', than: 'Kafka Streams', most: null }
    ]
  },
  'job-a-10kb': {
    title: 'filter, CASE and 4 of 207 columns of JSON of 10 KB',
    ...{ onNode: false, kind: 'verdicts', value: txn10k },
    job: (input, { records }) => verdictsJob(input, records / 20),
    bars: [
      { column: 'warm', than: 'Go', most: null },
      { column: 'warm', than: 'Flink SQL', most: null },
      { column: 'warm', than: 'Kafka Streams', most: null }
    ]
  },
  'job-b-1k-keys': {
    title: '1-minute windows, 5 aggregates by 1,000 keys',
    ...{ onNode: false, kind: 'windows', ...small },
    job: (input, { records }) => windowsJob(input, records, 'merchant_id'),
    bars: [
      { column: 'warm', than: 'Flink SQL', most: 1 / 3 },
      { column: 'warm', than: 'Kafka Streams', most: 1 / 3 },
      { column: 'memory', than: 'Kafka Streams', most: null }
    ]
  },
  'job-b-1m-keys': {
    title: '1-minute windows, 5 aggregates by 1,000,000 keys',
    ...{ onNode: false, kind: 'windows', ...small },
    job: (input, { records }) => windowsJob(input, records / 2, 'user_id'),
    bars: [
      { column: 'warm', than: 'Flink SQL', most: null },
      { column: 'warm', than: 'Kafka Streams', most: 1 / 1.5 }
    ]
  }
} as const satisfies Readonly<Record<string, Contest>>

/** A job of our users by the programs that they would use instead, in turn, each output compared with what the bench reckons. */
export function contest(name: keyof typeof contests): BenchCase {
  const { title, onNode, kind, bars, job: make, value }: Contest = contests[name]
  return {
    title,
    async run({ kafka: start, options }) {
      const kafka = await start()
      const contestants = buildContestants(kind, onNode)
      const job = make(name, options)
      await kafka.fill(job.input, job.records, value)
      const runs: Runs = new Map()
      for (let round = 0; round < options.rounds; round++) {
        add(runs, OURS, await runOurs(kafka, job, round))
        // Of few records no window closes.
        for (const peer of contestants.filter(({ delay }) => job.work('', delay).outputs > 0)) {
          // A peer's failure is no reason to lose what the others did; one that is wrong has no figures.
          await runPeer(kafka, job, peer, round).then(
            run => add(runs, peer.name, run),
            (error: unknown) => console.log(`${peer.name} failed: ${String(error)}`)
          )
        }
      }
      await kafka.deleteTopic(job.input)
      return [...describeRuns(runs), ...compareRuns(OURS, runs, bars)]
    }
  }
}

function add(runs: Runs, name: string, run: RunFigures): void {
  console.log(`${name}: ${run.warmCpuSeconds.toFixed(2)} CPU-s per million, warm`)
  runs.set(name, [...(runs.get(name) ?? []), run])
}
