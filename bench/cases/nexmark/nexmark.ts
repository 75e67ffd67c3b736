import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type NexmarkQuery,
  nexmarkQueries,
  readRefusedQueries
} from '../../../test/support/nexmark/nexmark-query.ts'
import type { BenchCase } from '../../harness/case.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import { writeEvents } from './event-file.ts'
import { runOnBroker } from './run-on-broker.ts'
import { openTables, verifyRows } from './verify-rows.ts'
import type { QueryRun } from './query-run.ts'

/** Of V8's heap, in MB: some queries keep all events, which is more than it takes by itself where there are 10 M. */
const HEAP = 12_288

/** Every query that compiles, alone in a process of its own; with `--broker` also as an executable on a real broker. */
export const nexmark: BenchCase = {
  title: 'Nexmark, in memory and on a real broker',
  async run(cx) {
    const { broker, events, verify } = cx.options
    const refused = readRefusedQueries()
    const queries = nexmarkQueries().filter(({ name }) => refused[name] === undefined)
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-nexmark-'))
    try {
      const path = join(folder, 'events.jsonl')
      writeEvents(path, events)
      const rows = verify ? join(folder, 'rows.jsonl') : null
      const tables = verify ? await openTables(path, folder) : null
      const figures: Figure[] = []
      for (const query of queries) {
        figures.push(...describe(query.name, events, runInMemory(query, path, rows)))
        if (tables !== null) await verifyRows(query, rows!, tables)
      }
      if (!broker) return figures
      const runs = await runOnBroker(queries, await cx.kafka(), path)
      return [
        ...figures,
        ...runs.flatMap(([name, run]) => describe(`${name} on Kafka`, events, run))
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function runInMemory({ name }: NexmarkQuery, path: string, rows: string | null): QueryRun {
  const program = join(import.meta.dirname, 'run-query.ts')
  const words = [
    `--max-old-space-size=${HEAP}`,
    program,
    name,
    path,
    ...(rows === null ? [] : [rows])
  ]
  const { status, stderr, stdout } = spawnSync(process.execPath, words)
  if (status !== 0) throw new Error(`${name}: ${String(stderr)}`)
  return JSON.parse(String(stdout)) as QueryRun
}

function describe(name: string, events: number, run: QueryRun): Figure[] {
  const { cpuSeconds, outputs, peakMegabytes, seconds } = run
  const one = (what: string, unit: string, better: 'more' | 'less', value: number): Figure =>
    bestOf({ name: `${name}: ${what}`, unit, better }, [value])
  return [
    one('throughput', 'K events/s', 'more', events / seconds / 1000),
    one('CPU', 'CPU-s/M events', 'less', cpuSeconds / (events / 1e6)),
    one('peak memory', 'MB', 'less', peakMegabytes),
    one('outputs', 'records', 'more', outputs)
  ]
}
