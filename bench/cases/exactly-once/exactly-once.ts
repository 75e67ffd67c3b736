import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { type Latencies, latencySchema, measureLatency } from '../../harness/measure-latency.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { reached, runWindows, windowsScript } from '../windows/windows-job.ts'

const ROUNDS = 3
const RATE = 10_000

/**
 * A tumbling window of a minute with five aggregates by 1,000 keys, at least and exactly once, in turn, each with its default
 * commit_interval; then how long a record takes from its writer to a reader of what is committed.
 */
export const exactlyOnce: BenchCase = {
  title: '1-minute windows by 1,000 keys, and latency at 10,000 records/s',
  async run(cx) {
    const kafka = await cx.kafka()
    const runs: Record<Delivery, Run[]> = { at_least_once: [], exactly_once: [] }
    for (let round = 0; round < ROUNDS; round++) {
      for (const delivery of deliveries)
        runs[delivery].push(await runDelivery(kafka, delivery, round))
    }
    const { at_least_once: least, exactly_once: exactly } = runs
    const cpu = {
      name: 'exactly / at least once: CPU',
      unit: 'x',
      better: 'less',
      bar: 1.25
    } as const
    const rate = {
      name: 'exactly / at least once: time',
      unit: 'x',
      better: 'less',
      bar: 1.25
    } as const
    const latencies = await runCopies(kafka)
    return [
      ...deliveries.flatMap(delivery => figures(delivery, runs[delivery])),
      ratioOf(
        cpu,
        exactly.map(run => run.cpuSeconds),
        least.map(run => run.cpuSeconds)
      ),
      ratioOf(
        rate,
        exactly.map(run => run.seconds),
        least.map(run => run.seconds)
      ),
      ...latencyFigures(latencies)
    ]
  }
}

const deliveries = ['at_least_once', 'exactly_once'] as const
type Delivery = (typeof deliveries)[number]

interface Run {
  /** From the first record consumed to the last. */
  readonly seconds: number
  /** Of the whole process, its start and end included. */
  readonly cpuSeconds: number
  readonly megabytes: number
}

function runDelivery(kafka: LoadedKafka, delivery: Delivery, round: number): Promise<Run> {
  const name = `windows_${delivery}_${round}`
  const job = { name, script: windowsScript(delivery, name), by: 'merchant_id' } as const
  return runWindows(kafka, job, round === 0, async (process, consumed) => {
    await reached(process, 1, consumed)
    const start = performance.now()
    await reached(process, kafka.records, consumed)
    const seconds = (performance.now() - start) / 1000
    // Until the last commit is through.
    await sleep(1500)
    const { cpuSeconds, peakMegabytes } = process.usage()
    return { seconds, cpuSeconds, megabytes: peakMegabytes }
  })
}

async function runCopies(kafka: LoadedKafka): Promise<Latencies> {
  await kafka.createTopic('sent')
  await kafka.createTopic('copies')
  using pipeline = compilePipeline(
    'copies',
    `SET delivery = 'exactly_once';
SET commit_interval = '100 ms';
CREATE SOURCE sent FROM KAFKA (topic = 'sent', group_id = 'copies', auto_offset_reset = 'earliest') SCHEMA (${latencySchema});
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5, compression = 'none') AS SELECT id, at, note FROM sent;`
  )
  const process = new MeasuredProcess(pipeline.path, ['--brokers', kafka.brokers, '--port', '0'])
  try {
    await process.logged('partitions assigned')
    return await measureLatency(kafka.brokers, 'sent', 'copies', RATE)
  } finally {
    await process.stop()
  }
}

function figures(delivery: Delivery, runs: readonly Run[]): Figure[] {
  const who = delivery.replaceAll('_', ' ')
  const rate = { name: `${who}: throughput`, unit: 'K records/s', better: 'more' } as const
  const cpu = { name: `${who}: CPU`, unit: 'CPU-s/M records', better: 'less' } as const
  const memory = { name: `${who}: peak memory`, unit: 'MB', better: 'less' } as const
  return [
    bestOf(
      rate,
      runs.map(run => 1000 / run.seconds)
    ),
    bestOf(
      cpu,
      runs.map(run => run.cpuSeconds)
    ),
    bestOf(
      memory,
      runs.map(run => run.megabytes)
    )
  ]
}

function latencyFigures({ median, p99, most }: Latencies): Figure[] {
  const less = { unit: 'ms', better: 'less' } as const
  return [
    bestOf({ name: `latency at ${RATE}/s, p50`, ...less }, [median]),
    bestOf({ name: `latency at ${RATE}/s, p99`, bar: 250, ...less }, [p99]),
    bestOf({ name: `latency at ${RATE}/s, most`, ...less }, [most])
  ]
}
