import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import { txn130 } from '../../data/transactions.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

/** What windows are by: 1,000 merchants, or a million users. */
export type WindowKey = 'merchant_id' | 'user_id'

/** A minute by a key, with five aggregates. */
export function windowsScript(
  delivery: 'at_least_once' | 'exactly_once',
  name: string,
  by: WindowKey = 'merchant_id',
  topic = 'transactions'
): string {
  return `SET delivery = '${delivery}';
CREATE SOURCE transactions FROM KAFKA (topic = '${topic}', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT,
          WATERMARK FOR timestamp AS timestamp - INTERVAL '30' SECOND);
CREATE SINK ${name} TO KAFKA (topic = '${name}') AS
SELECT time_bucket('1 minute', timestamp) AS minute, ${by}, COUNT(*) AS count, SUM(amount) AS total, AVG(amount) AS mean,
       MIN(amount) AS least, MAX(amount) AS most
FROM transactions GROUP BY minute, ${by};`
}

/**
 * Starts the pipeline and hands it to `measure`, with what tells how many records it has consumed, until its last commit is
 * through. `isVerified`: what it wrote is compared with the bench's reckoning.
 */
export async function runWindows<Run>(
  kafka: LoadedKafka,
  job: { readonly name: string; readonly script: string; readonly by: WindowKey },
  isVerified: boolean,
  measure: (process: MeasuredProcess, consumed: () => Promise<number>) => Promise<Run>
): Promise<Run> {
  const { name, script, by } = job
  using pipeline = compilePipeline(name, script)
  await kafka.createTopic(name)
  const state = mkdtempSync(join(tmpdir(), 'miraclec-windows-'))
  const port = await freePort()
  const words = ['--brokers', kafka.brokers, '--port', String(port), '--state-dir', state]
  const process = new MeasuredProcess(pipeline.path, words)
  try {
    const run = await measure(
      process,
      async () => (await readMetrics(port))?.sources['transactions']?.messages_consumed ?? 0
    )
    await process.stop()
    if (isVerified) await verifyWindows(kafka, name, sumWindows(kafka.records, by))
    return run
  } finally {
    await process.stop('SIGKILL')
    rmSync(state, { recursive: true, force: true })
  }
}

/** Resolves when so many records are consumed, with how many they are by then. */
export async function reached(
  process: MeasuredProcess,
  wanted: number,
  consumed: () => Promise<number>
): Promise<number> {
  for (;;) {
    const records = await consumed()
    process.requireRunning()
    if (records >= wanted) return records
    await sleep(20)
  }
}

interface Window {
  readonly minute: number
  readonly merchant_id: number
  readonly user_id: number
  readonly count: number
  readonly total: number
}

const MINUTE = 60_000
/** How far behind the latest record a window is complete, in ms. */
export const DELAY = 30_000

/** What the windows of the first so many transactions hold, by minute and key: the bench's own reckoning. */
export interface WindowSums {
  readonly by: WindowKey
  readonly sums: ReadonlyMap<string, { readonly count: number; readonly cents: number }>
  /** The time of the last record. */
  readonly latest: number
}

export function sumWindows(records: number, by: WindowKey): WindowSums {
  const decoder = new TextDecoder()
  const sums = new Map<string, { count: number; cents: number }>()
  let latest = 0
  for (let n = 0; n < records; n++) {
    const { amount, timestamp, ...keys } = JSON.parse(decoder.decode(txn130(n))) as {
      readonly merchant_id: number
      readonly user_id: number
      readonly amount: number
      readonly timestamp: number
    }
    const key = `${Math.floor(timestamp / MINUTE) * MINUTE} ${keys[by]}`
    const sum = sums.get(key) ?? { count: 0, cents: 0 }
    sum.count++
    sum.cents += Math.round(amount * 100)
    sums.set(key, sum)
    latest = timestamp
  }
  return { by, sums, latest }
}

/** Those windows that are complete when nothing comes any more. */
export function closedWindows({ sums, latest }: WindowSums, delay = DELAY): readonly string[] {
  // Partitions end within some milliseconds of each other.
  const closed = latest - delay - 10
  return [...sums.keys()].filter(key => Number(key.split(' ')[0]) + MINUTE <= closed)
}

/** Each window that has closed is there once, with the count and sum that the bench reckons; none of the others is. */
export async function verifyWindows(
  kafka: LoadedKafka,
  topic: string,
  windows: WindowSums,
  /** Whether what has closed has been told: Kafka Streams tells it when more comes. */
  isWhole = true
): Promise<void> {
  const left = new Set(closedWindows(windows))
  for (const value of await kafka.values(topic)) {
    const { minute, count, total, ...keys } = JSON.parse(value) as Window
    const key = `${minute} ${keys[windows.by]}`
    const sum = windows.sums.get(key)
    const isRight = sum?.count === count && Math.abs(sum.cents - total * 100) < 0.01
    if (!isRight || !left.delete(key)) throw new Error(`${topic}: not expected, or twice: ${value}`)
  }
  if (isWhole && left.size > 0) throw new Error(`${topic}: ${left.size} windows are missing`)
}
