import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaBroker } from '../support/kafka/broker.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { startProxied } from '../support/kafka/proxied-broker.ts'
import type { Proxy } from '../support/kafka/proxy.ts'
import { isBad, Readings, sensorOf, windowsAndTotalsWith } from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'
import { isByLibrdkafka, isFull, outcome } from './outcome.ts'

const RECORDS = isFull ? 40_000 : 8000
const ROUNDS = isFull ? 12 : 2

const session = `'session.timeout.ms' = '2000', 'heartbeat.interval.ms' = '300', 'socket.timeout.ms' = '3000'`
const patience = `CONFIG ('socket.timeout.ms' = '3000', 'request.timeout.ms' = '2000')`
const source = (group: string): string =>
  `CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG (${session})`

const stateful = compileExecutable(
  'stateful',
  `SET delivery = 'exactly_once';
${source('stateful')} ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotalsWith(patience)}`
)
const stateless = compileExecutable(
  'stateless',
  `SET commit_interval = '200 ms';
${source('stateless')} ON ERROR (action = 'dead_letter', dead_letter_topic = 'stateless-dlq');
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5) ${patience} AS SELECT n, sensor FROM readings;`
)
after(() => {
  stateful.remove()
  stateless.remove()
})

let proxy: Proxy

/** Clients of the pipelines find the broker behind the proxy, the tests' own in front of it. */
async function startBroker(): Promise<KafkaBroker> {
  const started = await startProxied()
  proxy = started.proxy
  return started.broker
}

describeOnKafka(
  'disturbances',
  ({ client, broker }) => {
    const readings = new Readings(client)
    const words = (): string[] => ['--brokers', `127.0.0.1:${proxy.port}`]
    const both = [stateful, stateless]
    const start = (executable: typeof stateful): RunningPipeline =>
      new RunningPipeline(executable, words())

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

    /** What it warned of, but for the records that are bad. */
    const troubles = (one: RunningPipeline): readonly string[] =>
      one.log
        .filter(({ level, message }) => level !== 'info' && !/rejected/.test(message))
        .map(({ message }) => message)
    const isReady = async (one: RunningPipeline): Promise<boolean> =>
      (await one.get('/health/ready')).status === 200
    const areReady = async (pipelines: readonly RunningPipeline[]): Promise<boolean> =>
      (await Promise.all(pipelines.map(isReady))).every(Boolean)
    const isNoneReady = async (pipelines: readonly RunningPipeline[]): Promise<boolean> =>
      !(await Promise.all(pipelines.map(isReady))).some(Boolean)
    /** librdkafka's consumer says nothing while nobody polls it: while a commit or a dead letter waits for the brokers. */
    const notReady = async (pipelines: readonly RunningPipeline[]): Promise<void> => {
      if (isByLibrdkafka) await sleep(5000)
      else await until('none is ready', () => isNoneReady(pipelines))
    }

    /** Both pipelines work while it happens, and have done everything in the end. */
    async function survive(
      disturb: (pipelines: readonly RunningPipeline[]) => Promise<void>
    ): Promise<void> {
      const pipelines = await Promise.all(both.map(one => start(one).ready()))
      const writing = readings.write(RECORDS)
      try {
        await disturb(pipelines)
        await writing
        await readings.write(RECORDS)
        await checkAll()
        await until('all are ready', () => areReady(pipelines))
      } catch (error) {
        for (const one of pipelines) console.error(one.text())
        // The next row has none of them.
        RunningPipeline.killAll()
        proxy.mend()
        throw error
      }
      for (const one of pipelines) {
        const { sources } = await one.metrics()
        assert.equal(sources['readings']!.lag, 0)
      }
      await endAll(pipelines)
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
      await survive(async pipelines => {
        for (let round = 0; round < ROUNDS; round++) {
          await sleep(random(500))
          await broker().pause(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
          await notReady(pipelines)
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

    outcome('connections go silent', async random => {
      await survive(async () => {
        for (let round = 0; round < ROUNDS; round++) {
          await sleep(random(500))
          proxy.silence()
        }
      })
    })

    outcome('brokers are silent', async () => {
      await survive(async pipelines => {
        proxy.hang()
        await notReady(pipelines)
        if (isFull) await sleep(20_000)
        proxy.mend()
      })
    })

    outcome('the network is slow', async () => {
      await survive(async pipelines => {
        proxy.delay(200)
        proxy.throttle(150_000)
        for (let i = 0; i < (isFull ? 100 : 20); i++) {
          await sleep(300)
          assert.ok(await areReady(pipelines))
        }
        proxy.mend()
        for (const one of pipelines) assert.deepEqual(troubles(one), [])
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
  },
  { start: startBroker }
)
