// npm run soak [-- --minutes n]: two pipelines under half of the load that they can take, disturbed again and again. Prints how their
// memory grows, what they have open, how long they lag behind after each disturbance; exits with 1 where something is off.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { TopicConnection } from '../../bench/harness/topic-connection.ts'
import { brokerMissing } from '../support/kafka/broker.ts'
import { openTestClient } from '../support/kafka/client.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { startProxied } from '../support/kafka/proxied-broker.ts'
import { until } from '../support/kafka/until.ts'
import { openStateFolder } from '../support/state-folder.ts'
import { disturbances } from './disturbances.ts'
import { Load, SENSORS } from './load.ts'
import { type Handles, WatchedProcess } from './watched-process.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes is a number, not "${values.minutes}"`)
const missing = brokerMissing()
if (missing !== null) throw new Error(missing)

/** What the pipelines do at once, before it is known how much they can take. */
const MEASURED = 300_000
const REST = 5000
const RECOVERY_TIMEOUT = 60_000
/** A commit each second: who is so many seconds of load behind has caught up. */
const UP_TO_DATE = 2
/** In less time the garbage collector's ups and downs say nothing of the whole. */
const JUDGED_MINUTES = 10
const MOST_SLOPE = 20
const MOST_DRIFT = 4
/** Connections come and go by ones and twos. */
const HANDLES_MORE = 3
const PARTITIONS = 3
/** Of topics of which half an hour is some gigabytes: what is older goes. */
const kept = { 'retention.bytes': String(256 << 20), 'segment.bytes': String(32 << 20) }

const source = (group: string): string =>
  `CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n BIGINT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)`
const scripts = {
  stateful: `SET delivery = 'exactly_once';
${source('stateful')} ON ERROR (action = 'dead_letter', dead_letter_topic = 'stateful-dlq');
CREATE SINK windows TO KAFKA (topic = 'windows', compression = 'none') AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert', compression = 'none') AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;`,
  stateless: `${source('stateless')} ON ERROR (action = 'dead_letter', dead_letter_topic = 'stateless-dlq');
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5) AS SELECT n, sensor FROM readings;`
}

const problems: string[] = []
const off = (problem: string): void => {
  problems.push(problem)
  console.log(`  OFF: ${problem}`)
}
const count = (n: number): string => Math.round(n).toLocaleString('en')

const executables = Object.entries(scripts).map(([name, script]) => ({
  name,
  executable: compileExecutable(name, script)
}))
const { broker, proxy } = await startProxied({
  'log.retention.check.interval.ms': '5000',
  // On a busy machine its own controller takes it for gone, again and again: then it names itself the coordinator of a group, and says
  // that it is none, for minutes.
  'broker.session.timeout.ms': '9000'
})
const client = await openTestClient(broker.brokers)
const load = new Load(broker.brokers, 'readings')
const words = ['--brokers', `127.0.0.1:${proxy.port}`]
const state = openStateFolder()
const watched: WatchedProcess[] = []
try {
  for (const topic of ['readings', 'copies']) await client.createTopic(topic, PARTITIONS, kept)
  for (const topic of ['windows', 'totals']) await client.createTopic(topic, PARTITIONS)
  await soak()
} finally {
  for (const one of watched) one.stop()
  RunningPipeline.killAll()
  await load.stop().catch(() => {})
  await client.close()
  await proxy.stop()
  await broker.stop()
  for (const { executable } of executables) executable.remove()
  state[Symbol.dispose]()
}
console.log(problems.length === 0 ? 'soak: ok' : `soak: ${problems.length} things are off`)
process.exitCode = problems.length === 0 ? 0 : 1

async function soak(): Promise<void> {
  await load.write(MEASURED)
  const began = performance.now()
  for (const { name, executable } of executables) {
    const pipeline = new RunningPipeline(executable, [...words, '--state-dir', state.path])
    watched.push(new WatchedProcess(name, await pipeline.ready()))
  }
  await recovered(0)
  const rate = Math.round((MEASURED / ((performance.now() - began) / 1000)) * 0.5)
  console.log(
    `soak: ${minutes} minutes at ${count(rate)} records/s, half of what both did at first`
  )
  load.start(rate)
  await sleep(2 * REST)
  const before = await allHandles()
  const end = performance.now() + minutes * 60_000
  for (let round = 0; performance.now() < end; round++) {
    await disturb(disturbances[round % disturbances.length]!, rate)
    await sleep(Math.min(REST, Math.max(0, end - performance.now())))
  }
  judge(before, await allHandles())
  await load.stop()
  await checkTotals()
  for (const { name, pipeline } of watched) {
    const code = await pipeline.exit('SIGTERM')
    if (code !== 0) off(`${name} ended with ${code}`)
    const errors = pipeline.log.filter(({ level }) => level === 'error')
    for (const { message } of errors) off(`${name} logged an error: ${message}`)
  }
}

async function disturb({ name, run }: (typeof disturbances)[number], rate: number): Promise<void> {
  const stateless = executables.find(one => one.name === 'stateless')!
  const began = performance.now()
  await run({
    ...{ broker, proxy, load, rate },
    stateless: watched.find(one => one.name === 'stateless')!.pipeline,
    startAnother: () => new RunningPipeline(stateless.executable, words)
  })
  const over = performance.now()
  try {
    const most = await recovered(UP_TO_DATE * rate)
    const [took, after] = [over - began, performance.now() - over].map(ms => (ms / 1000).toFixed(1))
    const memory = watched.map(one => `${one.name} ${count(one.resident)} MB`).join(', ')
    console.log(
      `  ${name.padEnd(32)} ${took} s, lag ${count(most)} after it, gone ${after} s later; ${memory}`
    )
  } catch (error) {
    off(`${name}: ${(error as Error).message}`)
  }
}

/** Resolves when both have committed all but so many records; answers what was missing at most. */
async function recovered(behind: number): Promise<number> {
  let most = 0
  await until(
    `both have committed all but ${behind} records`,
    async () => {
      const lags = await Promise.all(watched.map(({ name }) => lagOf(name)))
      most = Math.max(most, ...lags.map(lag => lag ?? 0))
      return lags.every(lag => lag !== null && lag <= behind)
    },
    RECOVERY_TIMEOUT
  )
  return most
}

/** As the brokers know it: a pipeline that can't reach them does not know what has been written. Null: nobody can tell now. */
async function lagOf(group: string): Promise<number | null> {
  try {
    const committed = await client.committed(group, 'readings')
    // Of a group that nobody knows yet, or not now.
    return committed === 0 ? null : load.written - committed
  } catch {
    return null
  }
}

function allHandles(): Promise<readonly Handles[]> {
  return Promise.all(watched.map(one => one.handles()))
}

function judge(before: readonly Handles[], after: readonly Handles[]): void {
  watched.forEach((one, i) => {
    const { name, resident, slope, drift } = one
    const kinds = ['files', 'threads', 'active'] as const
    const shown = kinds.map(kind => `${kind} ${before[i]![kind]} -> ${after[i]![kind]}`).join(', ')
    console.log(
      `${name}: ${count(resident)} MB, ${slope.toFixed(1)} MB/h in the second half; ${shown}`
    )
    for (const kind of kinds) {
      if (after[i]![kind] > before[i]![kind] + HANDLES_MORE) off(`${name} has more ${kind} open`)
    }
    if (minutes < JUDGED_MINUTES) return
    if (slope > MOST_SLOPE && drift > MOST_DRIFT) off(`the memory of ${name} grows`)
  })
}

/** What the pipeline with state says last of each sensor is what was written, each record once. */
async function checkTotals(): Promise<void> {
  await recovered(0)
  // Each total is told once more, behind here.
  const reader = await TopicConnection.open(broker.brokers, 'totals')
  const offsets = new Map(Array.from({ length: PARTITIONS }, (_, partition) => [partition, 0]))
  while (!(await reader.fetch(offsets, null)).isEnd);
  await load.close()
  const told = new Map<string, string>()
  const isTold = async (): Promise<boolean> => {
    await reader.fetch(offsets, (bytes, start, end) => {
      const text = Buffer.from(bytes.subarray(start, end)).toString()
      told.set((JSON.parse(text) as { readonly sensor: string }).sensor, text)
    })
    return wrongTotals(told) === 0
  }
  await until('all totals are told', isTold, RECOVERY_TIMEOUT).catch(() => {
    off(`${wrongTotals(told)} of ${SENSORS} totals are wrong`)
  })
  reader.close()
  console.log(`${count(load.written)} records, ${SENSORS} totals compared`)
}

function wrongTotals(told: ReadonlyMap<string, string>): number {
  let wrong = 0
  for (let i = 0; i < SENSORS; i++) {
    const sensor = `s${i}`
    const wanted = { sensor, count: load.counts[i], total: load.sums[i] }
    if (told.get(sensor) !== JSON.stringify(wanted)) wrong++
  }
  return wrong
}
