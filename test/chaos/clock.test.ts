import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { isBad, Readings, sensorOf, windowsAndTotals } from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'
import { Machine } from '../support/machine.ts'
import { isByLibrdkafka, isFull, outcome } from './outcome.ts'

const RECORDS = isFull ? 20_000 : 4000
/** In seconds. Kafka takes no record whose time is more than an hour ahead. */
const FAR_AHEAD = 7200
const LEAPS = [3000, -7200, 0, 3300, -86_400]

const clocked = compileExecutable(
  'clocked',
  `SET delivery = 'exactly_once';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'clocked', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, came AS PROCTIME(), WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG ('session.timeout.ms' = '2000', 'heartbeat.interval.ms' = '300')
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}
CREATE SINK arrived TO KAFKA (topic = 'arrived') AS
SELECT window_start, COUNT(*) AS count FROM TUMBLE(TABLE readings, DESCRIPTOR(came), INTERVAL '1' SECOND) GROUP BY window_start;`
)
const copy = compileExecutable(
  'copy',
  `SET commit_interval = '200 ms';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'copy', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL) ON ERROR (action = 'log');
CREATE SINK copies TO KAFKA (topic = 'copies', linger_ms = 5) AS SELECT n, sensor FROM readings;`
)
const machine = new Machine()
after(() => {
  clocked.remove()
  copy.remove()
  machine[Symbol.dispose]()
})

describeOnKafka('a clock', ({ client, broker }) => {
  const readings = new Readings(client)
  const start = (executable: Executable): RunningPipeline =>
    new RunningPipeline(executable, ['--brokers', broker().brokers], machine.environment)
  before(async () => {
    for (const topic of ['readings', 'windows', 'totals', 'arrived', 'copies'])
      await client().createTopic(topic, 3)
  })

  outcome('the clock is set', async () => {
    const pipeline = await start(clocked).ready()
    for (const seconds of LEAPS) {
      machine.setClock(seconds)
      await readings.write(RECORDS)
      await pipeline.beside(readings.committed('clocked'))
    }
    await readings.closeAll()
    await readings.committed('clocked')
    await readings.checkWindows()
    await readings.checkTotals()
    // Windows of processing time close too, each once, and have all rows.
    const arrived = async () =>
      (await client().read('arrived')).map(
        ({ value }) => JSON.parse(value!) as { window_start: string; count: number }
      )
    await until('all windows are told', async () => {
      const told = await arrived()
      return told.reduce((sum, { count }) => sum + count, 0) >= readings.good
    })
    const told = await arrived()
    assert.equal(new Set(told.map(({ window_start }) => window_start)).size, told.length)
    assert.equal(
      told.reduce((sum, { count }) => sum + count, 0),
      readings.good
    )
    await pipeline.logged('the clock of this machine was set')
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
  })

  outcome('the clock is more than an hour ahead', async () => {
    machine.setClock(0)
    let pipeline = await start(copy).ready()
    const exact = await start(clocked).ready()
    machine.setClock(FAR_AHEAD)
    // Late rows and dead letters are among them.
    await readings.write(RECORDS)
    for (const one of [pipeline, exact])
      await one.beside(until('it says so', () => /Invalid timestamp/.test(one.text())))
    machine.setClock(0)
    // At least once it gives up what it could not send.
    if (isByLibrdkafka) {
      assert.equal(await pipeline.exit(), 3, pipeline.text())
      pipeline = await start(copy).ready()
    }
    await pipeline.beside(readings.committed('copy'))
    await exact.beside(readings.committed('clocked'))
    await readings.closeAll()
    await exact.beside(readings.committed('clocked'))
    for (const one of [pipeline, exact]) assert.equal(await one.exit('SIGTERM'), 0, one.text())
    const copies = new Set((await client().read('copies')).map(({ value }) => value))
    const show = (n: number): string => JSON.stringify({ n, sensor: sensorOf(n) })
    for (const value of readings.valuesOf(n => !isBad(n), show)) assert.ok(copies.has(value), value)
    await readings.checkWindows()
    await readings.checkTotals()
  })
})
