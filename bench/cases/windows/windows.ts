import { setTimeout as sleep } from 'node:timers/promises'
import { buildKafkaStreams } from '../../peers/kstreams/build.ts'
import type { BenchCase } from '../../harness/case.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import {
  reached,
  runWindows,
  sumWindows,
  verifyWindows,
  type WindowKey,
  windowsScript
} from './windows-job.ts'

const ROUNDS = 3
/**
 * What Kafka Streams needs to drop no row of a backlog, in seconds: partitions that are read ahead of others meet in its repartition
 * topic. It tells fewer windows for it, which is the cheaper job.
 */
const GRACE = 900

/** A tumbling window of a minute with five aggregates, by us and by Kafka Streams in turn, both at least once. */
export const windows: BenchCase = {
  title: '1-minute windows, beside Kafka Streams',
  async run(cx) {
    const kafka = await cx.kafka()
    const classPath = buildKafkaStreams()
    return [
      ...(await compare(kafka, classPath, { by: 'merchant_id', keys: '1,000 keys', bar: 2 })),
      ...(await compare(kafka, classPath, { by: 'user_id', keys: '1 M keys', bar: 1.5 }))
    ]
  }
}

interface Job {
  readonly by: WindowKey
  readonly keys: string
  readonly bar: number
}

async function compare(kafka: LoadedKafka, classPath: string, job: Job): Promise<Figure[]> {
  const { keys, bar } = job
  const [ours, theirs]: [Run[], Run[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await runOurs(kafka, job, round))
    theirs.push(await runKafkaStreams(kafka, job, classPath, round))
  }
  const more = { unit: 'x', better: 'more' } as const
  const ratio = `${keys}: Kafka Streams / miraclec`
  const cpuOf = (runs: readonly Run[]): number[] => runs.map(run => run.cpuSeconds)
  const warmOf = (runs: readonly Run[]): number[] => runs.map(run => run.warmCpuSeconds)
  return [
    ...figures(`${keys}: miraclec`, ours),
    ...figures(`${keys}: Kafka Streams`, theirs),
    ratioOf({ name: `${ratio}, CPU, warm`, bar, ...more }, warmOf(theirs), warmOf(ours)),
    ratioOf({ name: `${ratio}, CPU, whole run`, ...more }, cpuOf(theirs), cpuOf(ours))
  ]
}

interface Run {
  /** Of the whole process, its start included, per million records. */
  readonly cpuSeconds: number
  /** Per million records, of the last three quarters of them. */
  readonly warmCpuSeconds: number
  readonly megabytes: number
}

function runOurs(kafka: LoadedKafka, { by }: Job, round: number): Promise<Run> {
  const name = `minutes_by_${by}_${round}`
  const script = windowsScript('at_least_once', name, by)
  return runWindows(kafka, { name, script, by }, round === 0, (process, consumed) =>
    measure(process, kafka, consumed)
  )
}

async function runKafkaStreams(
  kafka: LoadedKafka,
  { by }: Job,
  classPath: string,
  round: number
): Promise<Run> {
  const id = `streams-${by}-${round}`
  await kafka.createTopic(id)
  const settings = [kafka.brokers, kafka.topic, id, id, String(GRACE), by]
  const process = new MeasuredProcess('java', ['-cp', classPath, 'Windows', ...settings])
  try {
    const consumed = async (): Promise<number> => {
      const read = await kafka.committed(id, kafka.topic)
      const counted = await kafka.committed(id, `${id}-keys-repartition`)
      return Math.min(read, counted)
    }
    const run = await measure(process, kafka, consumed)
    await process.stop()
    await process.logged('dropped 0')
    if (round === 0) await verifyWindows(kafka, id, sumWindows(kafka.records, by), false)
    return run
  } finally {
    await process.stop('SIGKILL')
  }
}

/** `consumed`: how many records are counted by now. */
async function measure(
  process: MeasuredProcess,
  kafka: LoadedKafka,
  consumed: () => Promise<number>
): Promise<Run> {
  const first = await reached(process, kafka.records / 4, consumed)
  const { cpuSeconds: cpuBefore } = process.usage()
  const last = await reached(process, kafka.records, consumed)
  // Until the last commit is through.
  await sleep(1500)
  const { cpuSeconds, peakMegabytes } = process.usage()
  const million = 1_000_000
  return {
    cpuSeconds: (cpuSeconds * million) / kafka.records,
    warmCpuSeconds: ((cpuSeconds - cpuBefore) * million) / (last - first),
    megabytes: peakMegabytes
  }
}

function figures(who: string, runs: readonly Run[]): Figure[] {
  const less = { unit: 'CPU-s/M records', better: 'less' } as const
  return [
    bestOf(
      { name: `${who}: CPU, warm`, ...less },
      runs.map(run => run.warmCpuSeconds)
    ),
    bestOf(
      { name: `${who}: CPU, whole run`, ...less },
      runs.map(run => run.cpuSeconds)
    ),
    bestOf(
      { name: `${who}: peak memory`, unit: 'MB', better: 'less' },
      runs.map(run => run.megabytes)
    )
  ]
}
