import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../runtime/dev/free-port.ts'
import { readMetrics } from '../../../runtime/dev/watch-pipeline.ts'
import type { NexmarkQuery } from '../../../test/support/nexmark/nexmark-query.ts'
import { sideInput } from '../../data/nexmark/index.ts'
import { compilePipeline } from '../../harness/compile-pipeline.ts'
import { type LoadedKafka, PARTITIONS } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { EventReader } from './event-file.ts'
import type { QueryRun } from './query-run.ts'

const CHUNK = 50_000
const POLL_INTERVAL = 20
/** Nothing has been written for so long after the last event was read: it was all. */
const QUIET = 1000

/** Runs executables, one after another, over events that are in the topic before the first starts. */
export async function runOnBroker(
  queries: readonly NexmarkQuery[],
  kafka: LoadedKafka,
  path: string
): Promise<readonly (readonly [name: string, run: QueryRun])[]> {
  const events = await fillTopics(kafka, path)
  const runs: (readonly [string, QueryRun])[] = []
  for (const query of queries) runs.push([query.name, await measureQuery(query, kafka, events)])
  return runs
}

async function fillTopics(kafka: LoadedKafka, path: string): Promise<number> {
  await kafka.createTopic('nexmark')
  await kafka.createTopic('side_input')
  const reader = new EventReader(path)
  let written = 0
  for (let lines = reader.read(CHUNK); lines.length > 0; lines = reader.read(CHUNK)) {
    const records = lines.map((value, i) => ({ value, partition: (written + i) % PARTITIONS }))
    await kafka.write('nexmark', records)
    written += lines.length
  }
  reader.close()
  await kafka.write(
    'side_input',
    sideInput().map(row => ({ key: String(row.key), value: JSON.stringify(row) }))
  )
  return written
}

/** From before the fork to the last output. */
async function measureQuery(
  { name, script }: NexmarkQuery,
  kafka: LoadedKafka,
  events: number
): Promise<QueryRun> {
  // Each has a group of its own, so that it reads from the start.
  using pipeline = compilePipeline(
    name,
    script.replace("'nexmark',", `'nexmark', group_id = '${name}',`)
  )
  await kafka.createTopic(name)
  const port = await freePort()
  const process = new MeasuredProcess(pipeline.path, [
    '--brokers',
    kafka.brokers,
    '--port',
    String(port)
  ])
  try {
    let outputs = 0
    let last = { at: 0, cpuSeconds: 0 }
    for (;;) {
      process.requireRunning()
      const consumed = (await readMetrics(port))?.sources['nexmark']?.messages_consumed ?? 0
      const written = await kafka.written(name)
      const now = { at: performance.now(), cpuSeconds: process.usage().cpuSeconds }
      if (consumed < events || written > outputs) last = now
      else if (now.at - last.at > QUIET) break
      outputs = written
      await sleep(POLL_INTERVAL)
    }
    const { peakMegabytes } = process.usage()
    const seconds = (last.at - process.spawned) / 1000
    return { seconds, cpuSeconds: last.cpuSeconds, outputs, peakMegabytes }
  } finally {
    await process.stop()
  }
}
