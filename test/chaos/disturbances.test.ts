import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { faketimeMissing, MovedClock } from '../support/faketime.ts'
import { KafkaBroker } from '../support/kafka/broker.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { Proxy } from '../support/kafka/proxy.ts'
import { isBad, Readings, sensorOf } from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'
import { isFull, outcome } from './outcome.ts'

const RECORDS = isFull ? 40_000 : 8000
const ROUNDS = isFull ? 12 : 2

const session = `'session.timeout.ms' = '2000', 'heartbeat.interval.ms' = '300'`
const source = (group: string): string =>
  `CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG (${session})`

const stateful = compileExecutable(
  'stateful',
  `SET delivery = 'exactly_once';
${source('stateful')} ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
CREATE SINK windows TO KAFKA (topic = 'windows') AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert') AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;`
)
const stateless = compileExecutable(
  'stateless',
  `SET commit_interval = '200 ms';
${source('stateless')} ON ERROR (action = 'dead_letter', dead_letter_topic = 'stateless-dlq');
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5) AS SELECT n, sensor FROM readings;`
)
const folder = mkdtempSync(join(tmpdir(), 'miraclec-chaos-'))
after(() => {
  stateful.remove()
  stateless.remove()
  rmSync(folder, { recursive: true, force: true })
})

let proxy: Proxy

/** Clients of the pipelines find the broker behind the proxy, the tests' own in front of it. */
async function startBroker(): Promise<KafkaBroker> {
  proxy = await Proxy.start()
  const broker = await KafkaBroker.start(
    { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300' },
    { listeners: { PROXIED: 'PLAINTEXT' }, advertised: { PROXIED: proxy.port } }
  )
  proxy.lead(broker.portOf('PROXIED'))
  return broker
}

describeOnKafka(
  'disturbances',
  ({ client, broker }) => {
    const readings = new Readings(client)
    const words = (): string[] => ['--brokers', `127.0.0.1:${proxy.port}`]
    const both = [stateful, stateless]
    const start = (executable: typeof stateful, ...more: string[]): RunningPipeline =>
      new RunningPipeline(executable, [...words(), ...more])

    before(async () => {
      for (const topic of ['readings', 'windows', 'totals', 'copies'])
        await client().createTopic(topic, 3)
    })
    after(() => proxy.stop())

    /** All that was written has come out: once of the pipeline with state, at least once of the one without. */
    async function checkAll(): Promise<void> {
      await readings.closeAll()
      for (const group of ['stateful', 'stateless']) await readings.committed(group)
      await readings.checkWindows()
      await readings.checkTotals()
      const copies = new Set((await client().read('copies')).map(({ value }) => value))
      const wanted = readings.valuesOf(
        n => !isBad(n),
        n => JSON.stringify({ n, sensor: sensorOf(n) })
      )
      for (const value of wanted) assert.ok(copies.has(value), `${value} is lost`)
    }

    async function endAll(pipelines: readonly RunningPipeline[]): Promise<void> {
      for (const one of pipelines) assert.equal(await one.exit('SIGTERM'), 0, one.text())
    }

    /** Both pipelines work while it happens, and have done everything in the end. */
    async function survive(disturb: () => Promise<void>): Promise<readonly RunningPipeline[]> {
      const pipelines = await Promise.all(both.map(one => start(one).ready()))
      const writing = readings.write(RECORDS)
      await disturb()
      await writing
      await readings.write(RECORDS)
      await checkAll()
      await endAll(pipelines)
      return pipelines
    }

    outcome('SIGKILL at any moment', async random => {
      for (let round = 0; round < ROUNDS; round++) {
        const victims = both.map(one => start(one))
        await Promise.all(victims.map(one => one.logged('partitions assigned')))
        const writing = readings.write(RECORDS)
        await sleep(random(1500))
        for (const one of victims) assert.equal(await one.exit('SIGKILL'), null)
        await writing
      }
      await survive(async () => {})
    })

    outcome('SIGSTOP for longer than the session timeout, without state', async () => {
      const [hanging, other] = await Promise.all([0, 1].map(() => start(stateless).ready()))
      const third = await start(stateful).ready()
      const writing = readings.write(RECORDS)
      hanging!.kill('SIGSTOP')
      await writing
      await until('the other one has all partitions', async () => {
        const { sources } = await other!.metrics()
        return sources['readings']!.partitions.length === 3
      })
      await readings.write(RECORDS)
      hanging!.kill('SIGCONT')
      await readings.write(RECORDS)
      await checkAll()
      await endAll([hanging!, other!, third])
    })

    outcome('SIGSTOP for longer than the session timeout, with state', async () => {
      const [hanging, other] = [await start(stateful).ready(), await start(stateless).ready()]
      const writing = readings.write(RECORDS)
      hanging.kill('SIGSTOP')
      await writing
      const second = await start(stateful).ready()
      await readings.write(RECORDS)
      await checkAll()
      hanging.kill('SIGCONT')
      assert.equal(await hanging.exit(), 3, hanging.text())
      await endAll([second, other])
    })

    outcome('the broker is restarted', async random => {
      await survive(async () => {
        for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
          await sleep(random(500))
          await broker().pause(signal)
          await sleep(random(1000))
          await broker().resume()
        }
      })
    })

    outcome('connections are cut', async random => {
      await survive(async () => {
        for (let round = 0; round < 3 * ROUNDS; round++) {
          proxy.drop()
          await sleep(random(400))
        }
        proxy.cut()
        await sleep(3000)
        proxy.mend()
      })
    })

    outcome('connections hang', async () => {
      await survive(async () => {
        proxy.hang()
        await sleep(isFull ? 20_000 : 4000)
        proxy.mend()
      })
    })

    outcome('the network is slow', async () => {
      await survive(async () => {
        proxy.delay(200)
        proxy.throttle(150_000)
        await sleep(isFull ? 30_000 : 5000)
        proxy.mend()
      })
    })

    outcome('members come and go all the time', async random => {
      await survive(async () => {
        const members = [start(stateless), start(stateless)]
        for (let round = 0; round < 3 * ROUNDS; round++) {
          const victim = random(2)
          await members[victim]!.logged('started')
          await sleep(random(500))
          const signal = random(2) === 0 ? 'SIGTERM' : 'SIGKILL'
          assert.equal(await members[victim]!.exit(signal), signal === 'SIGTERM' ? 0 : null)
          members[victim] = start(stateless)
        }
        for (const one of members) await one.logged('started')
        await endAll(members)
      })
    })

    /** A run that can write no checkpoint, and one that finds none. */
    async function surviveWithout(place: string): Promise<void> {
      const copying = await start(stateless).ready()
      for (const name of [place, join(folder, 'usual')]) {
        const pipeline = await start(stateful, '--state-dir', name).ready()
        await readings.write(RECORDS)
        await checkAll()
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
        if (name === place) await pipeline.logged('no checkpoint: a restart will take longer')
      }
      await endAll([copying])
    }

    outcome('the disk for checkpoints is full', async () => {
      const place = join(folder, 'full')
      await withMount(place, 'size=64k', async isMounted => {
        if (isMounted) spawnSync('dd', ['if=/dev/zero', `of=${join(place, 'rest')}`, 'bs=4k'])
        else
          for (const name of ['windows', 'totals'])
            symlinkSync('/dev/full', join(place, `${name}.checkpoint.new`))
        await surviveWithout(place)
      })
    })

    outcome('the disk for checkpoints is read-only', async () => {
      const place = join(folder, 'read-only')
      await withMount(place, 'ro', async isMounted => {
        await surviveWithout(isMounted ? place : '/proc/miraclec')
      })
    })

    outcome('the clock jumps', async () => {
      const missing = faketimeMissing()
      if (missing !== null && process.env['CI'] === undefined)
        return console.warn(`\n!!! SKIPPED, no clock that jumps: ${missing}\n`)
      const clock = new MovedClock(join(folder, 'clock'))
      const pipelines = both.map(one => new RunningPipeline(one, words(), clock.environment))
      await Promise.all(pipelines.map(one => one.ready()))
      for (const seconds of [3000, -7200, 0]) {
        clock.move(seconds)
        await readings.write(RECORDS)
        for (const group of ['stateful', 'stateless']) await readings.committed(group)
      }
      await checkAll()
      await endAll(pipelines)
    })
  },
  { start: startBroker }
)

/** A small file system of its own, where this user may mount one; else a folder. */
async function withMount(
  place: string,
  options: string,
  run: (isMounted: boolean) => Promise<void>
): Promise<void> {
  spawnSync('mkdir', ['-p', place])
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0
  try {
    await run(isMounted)
  } finally {
    if (isMounted) spawnSync('umount', ['-l', place])
  }
}
