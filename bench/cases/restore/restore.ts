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

const script = `SET commit_interval = '500 ms';
CREATE SOURCE transactions FROM KAFKA (topic = 'transactions', group_id = 'restore', auto_offset_reset = 'earliest')
  SCHEMA (transaction_id BIGINT, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
CREATE TABLE kept (transaction_id BIGINT PRIMARY KEY, user_id BIGINT, amount DOUBLE, merchant_id BIGINT, status TEXT, timestamp BIGINT);
INSERT INTO kept SELECT * FROM transactions;`

/** How soon a pipeline with a table of a million rows of about 100 bytes has them again. */
export const restore: BenchCase = {
  title: 'a table of 1,000,000 rows after a restart',
  async run(cx) {
    const kafka = await cx.kafka()
    using pipeline = compilePipeline('restore', script)
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-restore-'))
    try {
      const full = join(folder, 'full')
      await fill(pipeline.path, kafka, full)
      const fromTopic = await measure(pipeline.path, kafka, () =>
        mkdtempSync(join(folder, 'empty-'))
      )
      const fromCheckpoint = await measure(pipeline.path, kafka, () => full)
      return [
        ...figures('from the topic alone', 10, fromTopic),
        ...figures('from the checkpoint', 3, fromCheckpoint)
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
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

async function measure(path: string, kafka: LoadedKafka, folder: () => string): Promise<Restored> {
  const restored: Restored = { seconds: [], cpu: [], megabytes: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const words = ['--brokers', kafka.brokers, '--state-dir', folder()]
    const process = new MeasuredProcess(path, words)
    restored.seconds.push((await process.logged(`"kept":${kafka.records}`)) / 1000)
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
