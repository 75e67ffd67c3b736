import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'

const ROUNDS = 3

const SINK_TOPIC = 'restored-groups'

interface Kept {
  readonly what: string
  /** Of the state, as the log names it. */
  readonly state: string
  readonly script: string
  /** Seconds, from the topic alone and from the checkpoint. */
  readonly bars: readonly [number, number]
}

function source(group: string): string {
  return `SET commit_interval = '500 ms';
CREATE SOURCE transactions FROM KAFKA (topic = 'transactions', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);`
}

const table: Kept = {
  what: 'rows',
  state: 'kept',
  script: `${source('restore')}
CREATE TABLE kept (transaction_id BIGINT PRIMARY KEY, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
INSERT INTO kept SELECT * FROM transactions;`,
  bars: [10, 3]
}

const groups: Kept = {
  what: 'groups',
  state: 'told-groups',
  script: `${source('restore-groups')}
CREATE SINK told TO KAFKA (topic = '${SINK_TOPIC}', format = 'upsert') AS
SELECT transaction_id, COUNT(*) AS n, SUM(amount) AS total FROM transactions GROUP BY transaction_id;`,
  bars: [15, 3]
}

/** How soon a pipeline has a million rows of about 100 bytes again, or the groups of a million keys. */
export const restore: BenchCase = {
  title: 'a table of 1,000,000 rows, and 1,000,000 groups, after a restart',
  async run(cx) {
    const kafka = await cx.kafka()
    await kafka.createTopic(SINK_TOPIC)
    return [...(await restoreState(kafka, table)), ...(await restoreState(kafka, groups))]
  }
}

async function restoreState(kafka: LoadedKafka, kept: Kept): Promise<readonly Figure[]> {
  const { what, script, bars } = kept
  using pipeline = compilePipeline(`restore-${what}`, script)
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-restore-'))
  try {
    const full = join(folder, 'full')
    await fill(pipeline.path, kafka, full)
    const empty = (): string => mkdtempSync(join(folder, 'empty-'))
    const fromTopic = await measure(pipeline.path, kafka, kept, empty)
    const fromCheckpoint = await measure(pipeline.path, kafka, kept, () => full)
    return [
      ...figures(`${what} from the topic alone`, bars[0], fromTopic),
      ...figures(`${what} from the checkpoint`, bars[1], fromCheckpoint)
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs the pipeline until it has every record, and lets it end in peace: it leaves a checkpoint. */
async function fill(path: string, kafka: LoadedKafka, folder: string): Promise<void> {
  const port = await freePort()
  const words = ['--brokers', kafka.brokers, '--port', String(port), '--state-dir', folder]
  const process = new MeasuredProcess(path, words)
  await process.logged('"started"')
  while (
    ((await readMetrics(port))?.sources['transactions']?.messages_consumed ?? 0) < kafka.records
  ) {
    process.requireRunning()
    await sleep(100)
  }
  await process.stop()
}

interface Restored {
  readonly seconds: number[]
  readonly cpu: number[]
  readonly megabytes: number[]
}

async function measure(
  path: string,
  kafka: LoadedKafka,
  { state }: Kept,
  folder: () => string
): Promise<Restored> {
  const restored: Restored = { seconds: [], cpu: [], megabytes: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const words = ['--brokers', kafka.brokers, '--state-dir', folder()]
    const process = new MeasuredProcess(path, words)
    restored.seconds.push((await process.logged(`"${state}":${kafka.records}`)) / 1000)
    const { cpuSeconds, peakMegabytes } = process.usage()
    restored.cpu.push(cpuSeconds)
    restored.megabytes.push(peakMegabytes)
    // What it would leave is not to be measured.
    await process.stop('SIGKILL')
  }
  return restored
}

function figures(from: string, bar: number, { seconds, cpu, megabytes }: Restored): Figure[] {
  const less = { better: 'less' } as const
  return [
    bestOf({ name: `exec to restored, ${from}`, unit: 's', bar, ...less }, seconds),
    bestOf({ name: `CPU, ${from}`, unit: 's', ...less }, cpu),
    bestOf({ name: `peak memory, ${from}`, unit: 'MB', ...less }, megabytes)
  ]
}
