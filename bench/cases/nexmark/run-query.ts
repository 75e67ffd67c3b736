// node run-query.ts <query> <file of events> [<file for the rows>]: runs one query in memory in this process, prints its
// QueryRun, and writes the rows that its topic comes to.
import { setTimeout as sleep } from 'node:timers/promises'
import { readNexmarkQuery } from '../../../test/support/nexmark/nexmark-query.ts'
import { loadGenerated } from '../../harness/load-generated.ts'
import { cpuSeconds } from '../../harness/sample.ts'
import type { OutputBatch } from '../../../runtime/contract/index.ts'
import { RowFile } from './row-file.ts'
import { makeReplayConnector, type ReplayCost } from './replay-connector.ts'

const [name = '', path = '', rowsPath = null] = process.argv.slice(2)
const { format, script } = readNexmarkQuery(name)
const { BatchBuffer, pipeline, startPipeline } = await loadGenerated(name, Buffer.from(script))
const rows = rowsPath === null ? null : new RowFile(rowsPath, format)
let outputs = 0
function take(batch: OutputBatch): void {
  outputs += batch.count
  rows?.add(batch)
}
const cost: ReplayCost = { cpuSeconds: 0, seconds: 0 }
const connector = makeReplayConnector(path, ({ rejected }) => new BatchBuffer(rejected), take, cost)

const [cpu, time] = [cpuSeconds(), performance.now()]
const { done } = await startPipeline(pipeline, {
  connector,
  clock: { now: Date.now, elapsed: () => performance.now(), sleep: ms => sleep(ms) },
  log: { log: () => {}, limited: () => {} },
  models: new Map(),
  untilIdle: true
})
await done
const run = {
  seconds: (performance.now() - time) / 1000 - cost.seconds,
  cpuSeconds: cpuSeconds() - cpu - cost.cpuSeconds,
  outputs,
  peakMegabytes: process.resourceUsage().maxRSS / 1024
}
rows?.close()
console.log(JSON.stringify(run))
