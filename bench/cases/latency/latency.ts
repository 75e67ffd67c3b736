import type { Delivery } from '../../data/verdicts.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { measureRun } from '../../harness/measure-run.ts'
import {
  type Latencies,
  latencyRecord,
  latencySchema,
  measureLatency
} from '../../harness/measure-latency.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

/** Of what the pipeline does when it has a backlog, on this machine in this hour. */
const LOAD = 0.2
const BACKLOG = 2_000_000
/** In the first one or two the broker's just-in-time compiler is at work yet, on the same two cores: brokers run for weeks. */
const ROUNDS = 4

interface Load {
  readonly name: string
  readonly delivery: Delivery
  /** Records a second; null: a fifth of what a backlog's rate is. */
  readonly rate: number | null
  /** Of the 99th percentile, in ms. */
  readonly bar: number
}

const loads: readonly Load[] = [
  { name: 'at least once', delivery: 'at_least_once', rate: null, bar: 15 },
  { name: 'exactly once', delivery: 'exactly_once', rate: null, bar: 250 },
  { name: 'exactly once at 10 K/s', delivery: 'exactly_once', rate: 10_000, bar: 250 }
]

/** From a source to a sink: first a backlog, to know how fast it is, then a fifth of that, or a given load, by a schedule. */
export const latency: BenchCase = {
  title: 'source to sink, at a fifth of the rate of a backlog, and at 10,000 records a second',
  async run(cx) {
    const kafka = await cx.kafka()
    const figures: Figure[] = []
    for (const load of loads) {
      const rate = load.rate ?? (await measureBacklog(kafka, load.delivery))
      const runs: Latencies[] = []
      for (let round = 0; round < ROUNDS; round++) {
        runs.push(await measureAtLoad(kafka, load.delivery, rate, round))
      }
      figures.push(...describe(load, rate, runs))
    }
    return figures
  }
}

function copiesScript(delivery: Delivery, input: string, output: string): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE sent FROM KAFKA (topic = '${input}', group_id = '${output}', auto_offset_reset = 'earliest') SCHEMA (${latencySchema});
CREATE SINK copies TO KAFKA (topic = '${output}', linger_ms = 0, compression = 'none') AS SELECT id, at, note FROM sent;`
}

/** A fifth of the warm rate, in whole thousands of records per second. */
async function measureBacklog(kafka: LoadedKafka, delivery: Delivery): Promise<number> {
  const [input, output] = [`backlog-${delivery}`, `backlog-${delivery}-out`]
  await kafka.fill(input, BACKLOG, n => latencyRecord(n, n))
  await kafka.createTopic(output)
  using pipeline = compilePipeline('copies', copiesScript(delivery, input, output))
  const program = { command: pipeline.path, words: ['--brokers', kafka.brokers, '--port', '0'] }
  const work = { records: BACKLOG, output, outputs: BACKLOG }
  const { warmRecordsPerSecond } = await measureRun(program, kafka, work)
  await kafka.deleteTopic(input)
  await kafka.deleteTopic(output)
  return Math.max(1, Math.round((warmRecordsPerSecond * LOAD) / 1000)) * 1000
}

async function measureAtLoad(
  kafka: LoadedKafka,
  delivery: Delivery,
  rate: number,
  round: number
): Promise<Latencies> {
  const what = `${delivery}-${rate}-${round}`
  const [input, output] = [`due-${what}`, `came-${what}`]
  await kafka.createTopic(input)
  await kafka.createTopic(output)
  using pipeline = compilePipeline('copies', copiesScript(delivery, input, output))
  const words = ['--brokers', kafka.brokers, '--port', '0']
  const process = new MeasuredProcess(pipeline.path, words)
  try {
    await process.logged('partitions assigned')
    return await measureLatency(kafka.brokers, input, output, rate)
  } finally {
    await process.stop()
    await kafka.deleteTopic(input)
    await kafka.deleteTopic(output)
  }
}

function describe({ name, bar }: Load, rate: number, runs: readonly Latencies[]): Figure[] {
  const less = { unit: 'ms', better: 'less' } as const
  const figure = (what: string, pick: (run: Latencies) => number, most?: number): Figure =>
    bestOf(
      { name: `${name}: ${what}`, ...less, ...(most === undefined ? {} : { bar: most }) },
      runs.map(pick)
    )
  return [
    bestOf({ name: `${name}: load`, unit: 'K records/s', better: 'more' }, [rate / 1000]),
    figure('p50', run => run.median),
    figure('p99', run => run.p99, bar),
    figure('p99.9', run => run.p999),
    figure('most', run => run.most)
  ]
}
