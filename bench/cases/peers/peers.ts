import { txn10k, txn130, txn1k } from '../../data/transactions.ts'
import type { BenchCase, BenchOptions } from '../../harness/case.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import type { RunFigures } from '../../harness/measure-run.ts'
import { type Bar, compareRuns, describeKeys, describeRuns, type Runs } from './compare-runs.ts'
import { buildContestants, type Contestant } from './contestants.ts'
import { type Job, lookupsJob, remaindersJob, scoresJob, verdictsJob, windowsJob } from './job.ts'
import { DELAY } from '../../data/windows.ts'
import { runOurs, runPeer } from './run-job.ts'

export const OURS = 'miraclec'

interface Contest {
  readonly title: string
  /** Beside programs in Node, or beside all others. */
  readonly onNode: boolean
  readonly kind: Job['kind']
  readonly bars: readonly Bar[]
  /** Called when its turn comes: what a job expects takes memory. */
  job(input: string, options: BenchOptions): Job | Promise<Job>
  /** The same by few keys, on the same input: once more by each program, for the memory that keys take. */
  readonly fewKeys?: Contest['job']
  /** Ours without what the contest is about, on the same input, as one more program. */
  readonly without?: { readonly name: string; readonly job: Contest['job'] }
  value(n: number): Uint8Array
}

/** Fewer, but so many that Kafka Streams tells windows, which it does 16 minutes behind. */
function ofManyKeys(records: number): number {
  return Math.max(records / 2, 1_500_000)
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
    job: (input, { records }) => windowsJob(input, ofManyKeys(records), 'user_id'),
    fewKeys: (input, { records }) => windowsJob(input, ofManyKeys(records), 'merchant_id'),
    bars: [
      { column: 'warm', than: 'Flink SQL', most: null },
      { column: 'warm', than: 'Kafka Streams', most: 1 / 1.5 }
    ]
  },
  enrichment: {
    title: 'events joined with a table of 100,000 rows',
    ...{ onNode: false, kind: 'lookups', ...small },
    job: (input, { records }) => lookupsJob(input, records),
    without: {
      name: `${OURS} without the table`,
      job: (input, { records }) => remaindersJob(input, records)
    },
    bars: [
      // Whole runs: while the table is read, the client fetches events already.
      { column: 'whole', than: `${OURS} without`, most: 1.6 },
      { column: 'warm', than: `${OURS} without`, most: null },
      { column: 'warm', than: 'Go', most: null },
      { column: 'warm', than: 'Kafka Streams', most: null },
      { column: 'memory', than: 'Kafka Streams', most: null }
    ]
  },
  predict: {
    title: 'filter by the score of a model',
    ...{ onNode: true, kind: 'scores', ...small },
    job: (input, { records }) => scoresJob('scores', input, records / 4),
    without: {
      name: `${OURS} without a model`,
      job: (input, { records }) => scoresJob('quotients', input, records / 4)
    },
    bars: [
      { column: 'warm', than: `${OURS} without`, most: null },
      { column: 'warm', than: 'Node', most: null }
    ]
  }
} as const satisfies Readonly<Record<string, Contest>>

/** A job of our users by the programs that they would use instead, in turn, each output compared with what the bench reckons. */
export function contest(name: keyof typeof contests): BenchCase {
  const { title, onNode, kind, bars, job: make, value, without, fewKeys }: Contest = contests[name]
  return {
    title,
    async run({ kafka: start, options }) {
      const kafka = await start()
      const contestants = buildContestants(kind, onNode)
      const job = await make(name, options)
      const other = await without?.job(name, options)
      await kafka.fill(job.input, job.records, value)
      await job.prepare(kafka)
      const runs: Runs = new Map()
      for (let round = 0; round < options.rounds; round++) {
        add(runs, OURS, await runOurs(kafka, job, round))
        if (other !== undefined) add(runs, without!.name, await runOurs(kafka, other, round))
        await runPeers(kafka, job, contestants, round, runs)
      }
      const figures = describeRuns(runs)
      if (fewKeys !== undefined) {
        const few: Runs = new Map()
        const lean = await fewKeys(name, options)
        add(few, OURS, await runOurs(kafka, lean, options.rounds))
        await runPeers(kafka, lean, contestants, options.rounds, few)
        figures.push(...describeKeys(runs, few, keysOf(job, contestants)))
      }
      await kafka.deleteTopic(job.input)
      if (job.table !== null) await kafka.deleteTopic(job.table)
      return [...figures, ...compareRuns(OURS, runs, bars)]
    }
  }
}

async function runPeers(
  kafka: LoadedKafka,
  job: Job,
  contestants: readonly Contestant[],
  round: number,
  runs: Runs
): Promise<void> {
  // Of few records no window closes.
  for (const peer of contestants.filter(({ delay }) => job.work('', delay).outputs > 0)) {
    // A peer's failure is no reason to lose what the others did; one that is wrong has no figures.
    await runPeer(kafka, job, peer, round).then(
      run => add(runs, peer.name, run),
      (error: unknown) => console.log(`${peer.name} failed: ${String(error)}`)
    )
  }
}

function keysOf(job: Job, contestants: readonly Contestant[]): ReadonlyMap<string, number> {
  return new Map([
    [OURS, job.keys(DELAY)],
    ...contestants.map(({ name, delay }) => [name, job.keys(delay)] as const)
  ])
}

function add(runs: Runs, name: string, run: RunFigures): void {
  console.log(`${name}: ${run.warmCpuSeconds.toFixed(2)} CPU-s per million, warm`)
  runs.set(name, [...(runs.get(name) ?? []), run])
}
