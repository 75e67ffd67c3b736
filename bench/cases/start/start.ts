import { txn130 } from '../../data/transactions.ts'
import { expectedVerdicts, verdictsScript } from '../../data/verdicts.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun } from '../../harness/measure-run.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { buildContestants } from '../peers/contestants.ts'
import { verdictsJob } from '../peers/job.ts'
import { OURS } from '../peers/peers.ts'
import { runOurs, runPeer } from '../peers/run-job.ts'

const ROUNDS = 15
/** Of programs that need seconds. */
const SLOW_ROUNDS = 5

/** How fast an executable without a model is there, and how much memory it takes under load. */
export const start: BenchCase = {
  title: 'executable without a model',
  async run(cx) {
    const kafka = await cx.kafka()
    return [
      ...(await measureStarts(kafka)),
      ...(await measureFirstOutputs(kafka)),
      await measureMemory(kafka)
    ]
  }
}

/**
 * From before the fork to the first poll: the log line "started" is written in the turn of the event loop in which the
 * loop has called `poll` for the first time; sink and source are connected to a real broker by then. When partitions come
 * is the group's and the broker's doing, so it is only shown.
 */
async function measureStarts(kafka: LoadedKafka): Promise<readonly Figure[]> {
  // Topics of its own: nothing comes in, so what is measured is the start alone.
  const [input, output] = ['start-in', 'start-out']
  await kafka.createTopic(input)
  await kafka.createTopic(output)
  using pipeline = compilePipeline('verdicts', verdictsScript({ group: output, input, output }))
  const version: number[] = []
  const polls: number[] = []
  const assigned: number[] = []
  const cpu: number[] = []
  // The first run unpacks the native parts, which is done once per machine.
  for (let round = 0; round <= ROUNDS; round++) {
    const trivial = await new MeasuredProcess(pipeline.path, ['--version']).ended()
    const process = new MeasuredProcess(pipeline.path, ['--brokers', kafka.brokers, '--port', '0'])
    const started = await process.logged('"started"')
    const { cpuSeconds } = process.usage()
    const ready = await process.logged('"partitions assigned"')
    await process.stop()
    if (round === 0) continue
    version.push(trivial)
    polls.push(started)
    assigned.push(ready)
    cpu.push(cpuSeconds * 1000)
  }
  const labels = { unit: 'ms', better: 'less' } as const
  return [
    bestOf({ name: 'exec to exit of --version', ...labels }, version),
    bestOf({ name: 'exec to first poll', ...labels, bar: 150 }, polls),
    bestOf({ name: 'CPU until the first poll', ...labels }, cpu),
    bestOf({ name: 'exec to partitions assigned', ...labels }, assigned)
  ]
}

/** From before the fork to the first verdict at the broker, each time a new group: ours and Kafka Streams' in turn. */
async function measureFirstOutputs(kafka: LoadedKafka): Promise<readonly Figure[]> {
  const streams = buildContestants('verdicts', false).find(({ name }) => name === 'Kafka Streams')
  const job = verdictsJob('start-first', 10_000)
  await kafka.fill(job.input, job.records, n => txn130(n))
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < SLOW_ROUNDS; round++) {
    ours.push((await runOurs(kafka, job, round)).firstOutput)
    if (streams !== undefined) theirs.push((await runPeer(kafka, job, streams, round)).firstOutput)
  }
  const labels = { unit: 'ms', better: 'less' } as const
  const what = 'exec to first output'
  const figure = bestOf({ name: `${OURS}: ${what}`, ...labels }, ours)
  if (streams === undefined) return [figure]
  const ratio = { name: `${OURS} / Kafka Streams: ${what}`, unit: 'x', better: 'less' } as const
  return [
    figure,
    bestOf({ name: `Kafka Streams: ${what}`, ...labels }, theirs),
    ratioOf({ ...ratio, bar: 0.1 }, ours, theirs)
  ]
}

/** A stateless pipeline over the whole input, as fast as it can. */
async function measureMemory(kafka: LoadedKafka): Promise<Figure> {
  const output = 'start-memory'
  await kafka.createTopic(output)
  const script = verdictsScript({ group: output, input: kafka.topic, output })
  using pipeline = compilePipeline('verdicts', script)
  const program = {
    command: pipeline.path,
    words: ['--brokers', kafka.brokers, '--port', '0']
  }
  const outputs = expectedVerdicts(kafka.records).size
  const work = { records: kafka.records, output, outputs }
  const { peakMegabytes } = await measureRun(program, kafka, work)
  const labels = { name: 'peak memory under load', unit: 'MB', better: 'less', bar: 150 } as const
  return bestOf(labels, [peakMegabytes])
}
