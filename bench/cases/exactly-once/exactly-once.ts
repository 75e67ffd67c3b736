import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import { txn130 } from '../../data/transactions.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure, ratioOf } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
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

function windowsScript(delivery: Delivery, name: string): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (topic = 'transactions', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT,
          WATERMARK FOR timestamp AS timestamp - INTERVAL '30' SECOND);
CREATE SINK ${name} TO KAFKA (topic = '${name}') AS
SELECT time_bucket('1 minute', timestamp) AS minute, merchant_id, COUNT(*) AS count, SUM(amount) AS total, AVG(amount) AS mean,
       MIN(amount) AS least, MAX(amount) AS most
FROM transactions GROUP BY minute, merchant_id;`
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
    if (round === 0) await verify(kafka, name)
    return { seconds: (last - first) / 1000, cpuSeconds, megabytes: peakMegabytes }
  } finally {
    await process.stop('SIGKILL')
    rmSync(state, { recursive: true, force: true })
  }
}

interface Window {
  readonly minute: number
  readonly merchant_id: number
  readonly count: number
  readonly total: number
}

const MINUTE = 60_000

/** Each window that has closed is there once, with the count and sum that the bench reckons; none of the others is. */
async function verify(kafka: LoadedKafka, topic: string): Promise<void> {
  const decoder = new TextDecoder()
  const sums = new Map<string, { count: number; cents: number }>()
  let latest = 0
  for (let n = 0; n < kafka.records; n++) {
    const { merchant_id, amount, timestamp } = JSON.parse(decoder.decode(txn130(n))) as {
      readonly merchant_id: number
      readonly amount: number
      readonly timestamp: number
    }
    const key = `${Math.floor(timestamp / MINUTE) * MINUTE} ${merchant_id}`
    const sum = sums.get(key) ?? { count: 0, cents: 0 }
    sums.set(key, { count: sum.count + 1, cents: sum.cents + Math.round(amount * 100) })
    latest = timestamp
  }
  // Partitions end within some milliseconds of each other.
  const closed = latest - 30_000 - 10
  for (const key of sums.keys()) {
    if (Number(key.split(' ')[0]) + MINUTE > closed) sums.delete(key)
  }
  for (const value of await kafka.values(topic)) {
    const { minute, merchant_id, count, total } = JSON.parse(value) as Window
    const sum = sums.get(`${minute} ${merchant_id}`)
    const isRight = sum?.count === count && Math.abs(sum.cents - total * 100) < 0.01
    if (!isRight) throw new Error(`${topic}: not expected, or twice: ${value}`)
    sums.delete(`${minute} ${merchant_id}`)
  }
  if (sums.size > 0) throw new Error(`${topic}: ${sums.size} windows are missing`)
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
