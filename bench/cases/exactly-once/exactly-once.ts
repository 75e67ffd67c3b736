import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { verifyWindows, windowsScript } from '../windows/windows-job.ts'
import { type Latencies, measureLatency } from './measure-latency.ts'

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
        runs[delivery].push(await runWindows(kafka, delivery, round))
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

async function runWindows(kafka: LoadedKafka, delivery: Delivery, round: number): Promise<Run> {
  const name = `windows_${delivery}_${round}`
  using pipeline = compilePipeline(name, windowsScript(delivery, name))
  await kafka.createTopic(name)
  const state = mkdtempSync(join(tmpdir(), 'miraclec-windows-'))
  const port = await freePort()
  const words = ['--brokers', kafka.brokers, '--port', String(port), '--state-dir', state]
  const process = new MeasuredProcess(pipeline.path, words)
  try {
    const consumed = async (): Promise<number> =>
      (await readMetrics(port))?.sources['transactions']?.messages_consumed ?? 0
    const reached = async (count: number): Promise<number> => {
      while ((await consumed()) < count) {
        process.requireRunning()
        await sleep(20)
      }
      return performance.now()
    }
    const first = await reached(1)
    const last = await reached(kafka.records)
    // Until the last commit is through.
    await sleep(1500)
    const { cpuSeconds, peakMegabytes } = process.usage()
    await process.stop()
    if (round === 0) await verifyWindows(kafka, name)
    return { seconds: (last - first) / 1000, cpuSeconds, megabytes: peakMegabytes }
  } finally {
    await process.stop('SIGKILL')
    rmSync(state, { recursive: true, force: true })
  }
}

async function runCopies(kafka: LoadedKafka): Promise<Latencies> {
  await kafka.createTopic('sent')
  await kafka.createTopic('copies')
  using pipeline = compilePipeline(
    'copies',
    `SET delivery = 'exactly_once';
SET commit_interval = '100 ms';
CREATE SOURCE sent FROM KAFKA (topic = 'sent', group_id = 'copies', auto_offset_reset = 'earliest') SCHEMA (id BIGINT, at BIGINT, note TEXT);
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5) AS SELECT id, at, note FROM sent;`
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
