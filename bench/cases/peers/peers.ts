import { txn10k, txn130, txn1k } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import type { Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type RunFigures } from '../../harness/measure-run.ts'
import { DELAY } from '../windows/windows-job.ts'
import { type Contestant, buildContestants } from './contestants.ts'
import { type Runs, compareRuns } from './compare-runs.ts'
import { drawPeers } from './draw-peers.ts'
import { type Job, verdictsJob, windowsJob } from './job.ts'

const OURS = 'miraclec'

/** The jobs of our users by the programs that they would use instead, in turn, each output compared with what the bench reckons. */
export const peers: BenchCase = {
  title: 'beside other programs, on a real broker',
  async run({ kafka: start, options: { records, rounds } }) {
    const kafka = await start()
    const contestants = buildContestants()
    const figures: Figure[] = []
    for (const { job, value } of jobs(records)) {
      await kafka.fill(job.input, job.records, value)
      const runs: Runs = new Map()
      for (let round = 0; round < rounds; round++) {
        add(runs, OURS, await runOurs(kafka, job, round))
        for (const contestant of contestants) {
          if (!takesPart(contestant, job, round)) continue
          // A peer's failure is no reason to lose what the others did; one that is wrong has no figures.
          await runPeer(kafka, job, contestant, round).then(
            run => add(runs, contestant.name, run),
            (error: unknown) => console.log(`${contestant.name} failed: ${String(error)}`)
          )
        }
      }
      figures.push(...compareRuns(job.name, OURS, runs))
      await kafka.deleteTopic(job.input)
    }
    return figures
  },
  draw: figures => drawPeers(figures, OURS)
}

/** Each is made when its turn comes: what a job expects takes memory. */
function* jobs(
  records: number
): Generator<{ readonly job: Job; readonly value: (n: number) => Uint8Array }> {
  yield { job: verdictsJob('A 121 B', 'transactions-121', records), value: n => txn130(n) }
  yield { job: windowsJob('B 121 B', 'transactions-windows', records), value: n => txn130(n) }
  yield { job: verdictsJob('A 1 KB', 'transactions-1k', records / 4), value: n => txn1k(n) }
  yield { job: verdictsJob('A 10 KB', 'transactions-10k', records / 20), value: txn10k }
}

function takesPart(contestant: Contestant, job: Job, round: number): boolean {
  const { kinds, delay, isSlow = false } = contestant
  if (!kinds.includes(job.kind) || (isSlow && (round > 0 || job.name !== 'A 121 B'))) return false
  // Of few records no window closes.
  return job.work('', delay).outputs > 0
}

function add(runs: Runs, name: string, run: RunFigures): void {
  console.log(`${name}: ${run.warmCpuSeconds.toFixed(2)} CPU-s per million, warm`)
  runs.set(name, [...(runs.get(name) ?? []), run])
}

async function runOurs(kafka: LoadedKafka, job: Job, round: number): Promise<RunFigures> {
  const output = `ours_${job.kind}_${job.input.replaceAll('-', '_')}_${round}`
  using pipeline = compilePipeline(job.kind, job.script(output))
  const words = ['--brokers', kafka.brokers, '--port', '0', '--state-dir', pipeline.state]
  return await runJob(kafka, job, {
    output,
    delay: DELAY,
    program: { command: pipeline.path, words }
  })
}

function runPeer(
  kafka: LoadedKafka,
  job: Job,
  { name, delay, program }: Contestant,
  round: number
): Promise<RunFigures> {
  const output = `${name.replaceAll(/\W+/g, '-')}-${job.input}-${round}`
  const topics = [kafka.brokers, job.input, output, output]
  return runJob(kafka, job, { output, delay, program: program(job.kind, topics) })
}

async function runJob(
  kafka: LoadedKafka,
  job: Job,
  run: {
    readonly output: string
    readonly delay: number
    readonly program: Parameters<typeof measureRun>[0]
  }
): Promise<RunFigures> {
  const { output, delay, program } = run
  await kafka.createTopic(output)
  const figures = await measureRun(program, kafka, job.work(output, delay))
  await job.verify(kafka, output, delay)
  await kafka.deleteTopic(output)
  return figures
}
