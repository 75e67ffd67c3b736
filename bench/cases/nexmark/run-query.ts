// node run-query.ts <query> <file of events>: runs one query in memory in this process, prints its QueryRun.
import { setTimeout as sleep } from 'node:timers/promises'
import { readNexmarkQuery } from '../../../test/support/nexmark/nexmark-query.ts'
import { loadGenerated } from '../../harness/load-generated.ts'
import { cpuSeconds } from '../../harness/sample.ts'
import { makeReplayConnector, type ReplayCost } from './replay-connector.ts'

const [name = '', path = ''] = process.argv.slice(2)
const { script } = readNexmarkQuery(name)
const { BatchBuffer, pipeline, startPipeline } = await loadGenerated(name, Buffer.from(script))
const cost: ReplayCost = { cpuSeconds: 0, seconds: 0, outputs: 0 }
const connector = makeReplayConnector(path, ({ rejected }) => new BatchBuffer(rejected), cost)

const [cpu, time] = [cpuSeconds(), performance.now()]
const { done } = await startPipeline(pipeline, {
  connector,
  clock: { now: Date.now, sleep: ms => sleep(ms) },
  log: { log: () => {}, limited: () => {} },
  models: new Map(),
  untilIdle: true
})
await done
const run = {
  seconds: (performance.now() - time) / 1000 - cost.seconds,
  cpuSeconds: cpuSeconds() - cpu - cost.cpuSeconds,
  outputs: cost.outputs,
  peakMegabytes: process.resourceUsage().maxRSS / 1024
}
console.log(JSON.stringify(run))
