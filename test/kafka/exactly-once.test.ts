import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import {
  assertSameBag,
  bagOf,
  isBad,
  Readings,
  sensorOf,
  valuesIn,
  windowsAndTotals
} from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'
import { makeRandom } from '../support/functions/random-value.ts'

const RECORDS_PER_KILL = 20_000
const WINDOWED_KILLS = Number(process.env['WINDOWED_KILLS'] ?? 34)
const STATELESS_KILLS = Number(process.env['STATELESS_KILLS'] ?? 16)
const random = makeRandom(20_261_126)

const windowed = compileExecutable(
  'windowed',
  `SET delivery = 'exactly_once';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'windowed', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG ('max.partition.fetch.bytes' = '100000')
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}`
)
const stateless = compileExecutable(
  'stateless',
  `SET delivery = 'exactly_once';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'stateless', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL)
  CONFIG ('session.timeout.ms' = '1000', 'heartbeat.interval.ms' = '250', 'max.partition.fetch.bytes' = '100000')
  ON ERROR (action = 'dead_letter', dead_letter_topic = 'stateless-dlq');
CREATE SINK copies TO KAFKA (topic = 'copies') CONFIG ('transaction.timeout.ms' = '1500') AS
SELECT n, sensor FROM readings WHERE n % 2 = 0;
CREATE SINK thirds TO KAFKA (topic = 'thirds') AS SELECT n FROM readings WHERE n % 3 = 0;`
)
after(() => {
  windowed.remove()
  stateless.remove()
})

describeOnKafka(
  'exactly once',
  ({ client, broker }) => {
    const words = (): string[] => ['--brokers', broker().brokers]
    const readings = new Readings(client)

    before(async () => {
      for (const topic of ['readings', 'windows', 'totals', 'copies', 'thirds'])
        await client().createTopic(topic, 3)
    })

    async function checkCopies(): Promise<void> {
      const show = (n: number): string => JSON.stringify({ n, sensor: sensorOf(n) })
      const even = readings.valuesOf(n => n % 2 === 0 && !isBad(n), show)
      assertSameBag('copies', bagOf(valuesIn(await client().read('copies'))), bagOf(even))
      const third = readings.valuesOf(
        n => n % 3 === 0 && !isBad(n),
        n => JSON.stringify({ n })
      )
      assertSameBag('thirds', bagOf(valuesIn(await client().read('thirds'))), bagOf(third))
      const bad = readings.valuesOf(isBad, n => readings.textOf(n))
      const refused = await client().read('stateless-dlq')
      assertSameBag('dead letters', bagOf(valuesIn(refused)), bagOf(bad))
    }

    test('windows, late rows and dead letters, killed at any moment', async () => {
      for (let round = 0; round < WINDOWED_KILLS; round++) {
        const victim = new RunningPipeline(windowed, words())
        await victim.logged('partitions assigned')
        const writing = readings.write(RECORDS_PER_KILL)
        await sleep(random(1000))
        assert.equal(await victim.exit('SIGKILL'), null, victim.text())
        await writing
      }
      await readings.closeAll()
      const last = await new RunningPipeline(windowed, words()).ready()
      await readings.committed('windowed')
      assert.equal(await last.exit('SIGTERM'), 0, last.text())
      assert.doesNotMatch(last.text(), /sent by librdkafka/, 'our own client was not possible')
      await readings.checkWindows()
      await readings.checkTotals()
    })

    test('two stateless processes, one of them killed at any moment', async () => {
      const start = (): RunningPipeline => new RunningPipeline(stateless, words())
      const both = [start(), start()]
      for (let round = 0; round < STATELESS_KILLS; round++) {
        const writing = readings.write(RECORDS_PER_KILL)
        await sleep(random(2000))
        const victim = random(2)
        assert.equal(await both[victim]!.exit('SIGKILL'), null, both[victim]!.text())
        both[victim] = start()
        await writing
      }
      await both[0]!.beside(both[1]!.beside(readings.committed('stateless')))
      for (const one of both) {
        // The last one may just have been started.
        await one.logged('started')
        assert.equal(await one.exit('SIGTERM'), 0, one.text())
      }
      await checkCopies()
    })

    test('a stateless process that comes and goes, while the other one works', async () => {
      const first = await new RunningPipeline(stateless, words()).ready()
      for (let round = 0; round < 2; round++) {
        const second = new RunningPipeline(stateless, words())
        const writing = readings.write(RECORDS_PER_KILL)
        await second.ready()
        await until('both have partitions', async () => {
          const metrics = await Promise.all([first.metrics(), second.metrics()])
          return metrics.every(({ sources }) => sources['readings']!.partitions.length > 0)
        })
        await sleep(random(500))
        assert.equal(await second.exit('SIGTERM'), 0, second.text())
        await writing
      }
      await readings.committed('stateless')
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await checkCopies()
    })

    test('a broker that is killed and one that is restarted', async () => {
      const pipelines = [windowed, stateless].map(one => new RunningPipeline(one, words()))
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        await Promise.all(pipelines.map(one => one.ready()))
        await readings.write(2 * RECORDS_PER_KILL)
        await sleep(random(300))
        await broker().pause(signal)
        await sleep(500)
        await broker().resume()
      }
      await readings.closeAll()
      await pipelines[0]!.beside(readings.committed('windowed'))
      await pipelines[1]!.beside(readings.committed('stateless'))
      for (const one of pipelines) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      await readings.checkWindows()
      await readings.checkTotals()
      await checkCopies()
    })

    test('a record that a sink refuses takes none of its transaction along', async () => {
      await client().createTopic('texts', 1)
      await client().createTopic('short', 1, { 'max.message.bytes': '2000' })
      const sizes = [3000, 2500]
      const texts = Array.from({ length: 300 }, (_, i) =>
        i % 100 === 50 && i < 200 ? 'x'.repeat(sizes[Math.floor(i / 100)]!) : `text ${i}`
      )
      const values = texts.map(text => ({ value: JSON.stringify({ text }) }))
      await client().write('texts', values)
      const short = compileExecutable(
        'short',
        `SET delivery = 'exactly_once';
CREATE SOURCE texts FROM KAFKA (topic = 'texts', group_id = 'short', auto_offset_reset = 'earliest') SCHEMA (text TEXT);
CREATE TABLE lengths (length INT, count BIGINT, PRIMARY KEY (length));
INSERT INTO lengths SELECT length(text) AS length, COUNT(*) AS count FROM texts GROUP BY length(text);
CREATE SINK short TO KAFKA (topic = 'short', compression = 'none') CONFIG ('message.max.bytes' = '2600') AS SELECT text FROM texts;`
      )
      const pipeline = await new RunningPipeline(short, words()).ready()
      await until('all is committed', async () => {
        return (
          (await client()
            .committed('short', 'texts')
            .catch(() => -1)) === texts.length
        )
      })
      assert.equal((await pipeline.metrics()).sinks['short']!.errors, 2)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      short.remove()
      const isShort = (value: string): boolean => value.length < 2000
      const all = values.map(({ value }) => value)
      const arrived = bagOf(valuesIn(await client().read('short')))
      assertSameBag('short', arrived, bagOf(all.filter(isShort)))
      const letters = await client().read('short-dlq')
      const refused = bagOf(all.filter(value => !isShort(value)))
      assertSameBag('dead letters', bagOf(valuesIn(letters)), refused)
      for (const { headers } of letters)
        assert.equal(headers['miracledb.error.code'], 'message-too-large')
      assert.deepEqual(
        new Set(letters.map(({ headers }) => headers['miracledb.error.offset'])),
        new Set(['50', '150'])
      )
    })

    test('ON ERROR fail: nothing of its transaction is seen or committed', async () => {
      await client().createTopic('rows', 1)
      await client().createTopic('strict', 1, { 'max.message.bytes': '2000' })
      const strict = compileExecutable(
        'strict',
        `SET delivery = 'exactly_once';
CREATE SOURCE rows FROM KAFKA (topic = 'rows', group_id = 'strict', auto_offset_reset = 'earliest') SCHEMA (text TEXT);
CREATE SINK strict TO KAFKA (topic = 'strict', compression = 'none') ON ERROR (action = 'fail') AS SELECT text FROM rows;`
      )
      await client().write('rows', [{ value: '{"text":"one"}' }])
      const pipeline = await new RunningPipeline(strict, words()).ready()
      await until('one is through', async () => (await client().read('strict')).length === 1)
      const long = { value: JSON.stringify({ text: 'x'.repeat(3000) }) }
      await client().write('rows', [{ value: '{"text":"two"}' }, long])
      assert.equal(await pipeline.exit(), 1, pipeline.text())
      assert.match((await pipeline.logged('stopped by a record')).message, /sink "strict"/)
      assert.equal((await client().read('strict')).length, 1)
      assert.equal(await client().committed('strict', 'rows'), 1)
      strict.remove()
    })

    test('a second process takes over, and one that comes back too late stops', async () => {
      const first = await new RunningPipeline(windowed, words()).ready()
      let writing = readings.write(RECORDS_PER_KILL)
      const second = await new RunningPipeline(windowed, words()).ready()
      assert.equal(await first.exit(), 3, first.text())
      await first.logged('taken')
      await writing
      // As a machine that hangs, in the middle of a transaction.
      writing = readings.write(RECORDS_PER_KILL)
      await sleep(200)
      second.kill('SIGSTOP')
      const third = await new RunningPipeline(windowed, words()).ready()
      await writing
      await readings.write(RECORDS_PER_KILL)
      await readings.closeAll()
      await readings.committed('windowed')
      second.kill('SIGCONT')
      assert.equal(await second.exit(), 3, second.text())
      assert.equal(await third.exit('SIGTERM'), 0, third.text())
      await readings.checkWindows()
      await readings.checkTotals()
    })
  },
  { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300' }
)
