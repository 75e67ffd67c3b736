import type { Delivery } from '../../data/verdicts.ts'
import { DELAY } from '../../data/windows.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun, type Program, type RunFigures } from '../../harness/measure-run.ts'
import type { Contestant } from './contestants.ts'
import type { Job } from './job.ts'

interface OurSettings {
  readonly delivery?: Delivery
  readonly workers?: number
}

/** Our executable, and every row of its output compared. */
export async function runOurs(
  kafka: LoadedKafka,
  job: Job,
  round: number,
  { delivery = 'at_least_once', workers = 1 }: OurSettings = {}
): Promise<RunFigures> {
  const output = `ours_${job.kind}_${job.input.replaceAll('-', '_')}_${delivery}_${workers}_${round}`
  // Of its own name: the changelog of windows is called by it.
  using pipeline = compilePipeline(output, job.script(output, delivery))
  const own = ['--state-dir', pipeline.state, '--workers', String(workers)]
  const words = ['--brokers', kafka.brokers, '--port', '0', ...own]
  return await runJob(kafka, job, {
    output,
    delay: DELAY,
    program: { command: pipeline.path, words }
  })
}

export function runPeer(
  kafka: LoadedKafka,
  job: Job,
  { name, delay, program }: Contestant,
  round: number
): Promise<RunFigures> {
  const output = `${name.replaceAll(/\W+/g, '-')}-${job.input}-${round}`
  const topics = [kafka.brokers, job.input, output, output]
  return runJob(kafka, job, { output, delay, program: program(job, topics) })
}

async function runJob(
  kafka: LoadedKafka,
  job: Job,
  run: { readonly output: string; readonly delay: number; readonly program: Program }
): Promise<RunFigures> {
  const { output, delay, program } = run
  await kafka.createTopic(output)
  const figures = await measureRun(program, kafka, job.work(output, delay))
  await job.verify(kafka, output, delay)
  await kafka.deleteTopic(output)
  return figures
}
