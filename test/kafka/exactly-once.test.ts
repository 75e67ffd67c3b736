import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadRecord, TestRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import { makeRandom } from '../support/functions/random-value.ts'

/** Everything that a reader of committed records sees has to be there once: a multiset, by the text of its records. */
type Bag = ReadonlyMap<string, number>

const SENSORS = 200
const RECORDS_PER_KILL = 20_000
const WINDOWED_KILLS = Number(process.env['WINDOWED_KILLS'] ?? 34)
const STATELESS_KILLS = Number(process.env['STATELESS_KILLS'] ?? 16)
const START = Date.UTC(2026, 0, 1)
const random = makeRandom(20_261_126)

const windowed = compileExecutable(
  'windowed',
  `SET delivery = 'exactly_once';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'windowed', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG ('max.partition.fetch.bytes' = '100000')
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
CREATE SINK windows TO KAFKA (topic = 'windows') AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert') AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;`
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

/** One in a thousand is no JSON, another one comes a minute late; what comes after is up to a second out of order. */
function isBad(n: number): boolean {
  return n % 1000 === 17
}

function isLate(n: number): boolean {
  return n % 1000 === 500
}

function timeOf(n: number): number {
  const late = isLate(n) ? 60_000 : n % 7 === 0 ? 900 : 0
  return START + n * 10 + gaps.filter(at => at <= n).length * GAP - late
}

/** Where windows were closed by a leap in time, and by how much. */
const gaps: number[] = []
const GAP = 3_600_000

function sensorOf(n: number): string {
  return `s${(n * 7) % SENSORS}`
}

function reading(n: number): TestRecord {
  const sensor = sensorOf(n)
  const value = JSON.stringify({ sensor, n, at: new Date(timeOf(n)).toISOString() })
  return { key: sensor, value: isBad(n) ? value.slice(1) : value }
}

function readings(from: number, to: number): TestRecord[] {
  return Array.from({ length: to - from }, (_, i) => reading(from + i))
}

/** Neither even nor a multiple of three. */
const CLOSING = -1

/** Records for every partition, so far in the future that they close all windows before. */
function lastReadings(records: number): TestRecord[] {
  const at = new Date(timeOf(records) + GAP / 2).toISOString()
  return Array.from({ length: SENSORS }, (_, i) => ({
    key: `s${i}`,
    value: JSON.stringify({ sensor: `s${i}`, n: CLOSING, at })
  }))
}

function closingWindow({ value }: TestRecord): string {
  const { sensor, at } = JSON.parse(String(value)) as {
    readonly sensor: string
    readonly at: string
  }
  const window = new Date(Math.floor(Date.parse(at) / 10_000) * 10_000).toISOString()
  return JSON.stringify({ window, sensor, count: 1, total: CLOSING })
}

interface Sum {
  count: number
  total: number
}

function sumsBy(records: number, isIn: (n: number) => boolean, keyOf: (n: number) => string) {
  const sums = new Map<string, Sum>()
  for (let n = 0; n < records; n++) {
    if (isBad(n) || !isIn(n)) continue
    const key = keyOf(n)
    let sum = sums.get(key)
    if (sum === undefined) sums.set(key, (sum = { count: 0, total: 0 }))
    sum.count++
    sum.total += n
  }
  return sums
}

function bagOf(values: Iterable<string>): Bag {
  const bag = new Map<string, number>()
  for (const value of values) bag.set(value, (bag.get(value) ?? 0) + 1)
  return bag
}

function* valuesOf(records: number, isIn: (n: number) => boolean, show: (n: number) => string) {
  for (let n = 0; n < records; n++) if (isIn(n)) yield show(n)
}

/** With few differences in the message: there may be a million. */
function assertSameBag(what: string, found: Bag, wanted: Bag): void {
  const wrong: string[] = []
  for (const value of new Set([...found.keys(), ...wanted.keys()])) {
    const [is, should] = [found.get(value) ?? 0, wanted.get(value) ?? 0]
    if (is !== should) wrong.push(`${is} times instead of ${should}: ${value}`)
  }
  const shown = wrong.slice(0, 5).join('\n')
  assert.equal(wrong.length, 0, `${what}: ${wrong.length} of ${wanted.size} are wrong:\n${shown}`)
}

function valuesIn(records: readonly ReadRecord[]): Iterable<string> {
  return records.map(({ value }) => value!)
}

describeOnKafka(
  'exactly once',
  ({ client, broker }) => {
    const words = (): string[] => ['--brokers', broker().brokers]
    /** How many records of `readings` are written by now. */
    let written = 0
    const closings: (readonly TestRecord[])[] = []

    before(async () => {
      for (const topic of ['readings', 'windows', 'totals', 'copies', 'thirds'])
        await client().createTopic(topic, 3)
    })

    async function write(records: number): Promise<void> {
      await client().write('readings', readings(written, written + records))
      written += records
    }

    async function checkWindows(): Promise<void> {
      const wanted = sumsBy(
        written,
        n => !isLate(n),
        n => `${new Date(Math.floor(timeOf(n) / 10_000) * 10_000).toISOString()} ${sensorOf(n)}`
      )
      const rows = [...wanted].map(([key, { count, total }]) => {
        const [window, sensor] = key.split(' ')
        return JSON.stringify({ window, sensor, count, total })
      })
      // The records that closed all windows have one too, which the next ones close.
      const closed = closings.slice(0, -1).flatMap(records => records.map(closingWindow))
      const found = await client().read('windows')
      assertSameBag('windows', bagOf(valuesIn(found)), bagOf([...rows, ...closed]))
      const late = valuesOf(written, isLate, n => String(reading(n).value))
      const letters = await client().read('readings-late')
      assertSameBag('late rows', bagOf(valuesIn(letters)), bagOf(late))
      const bad = valuesOf(written, isBad, n => String(reading(n).value))
      const refused = await client().read('readings-dlq')
      assertSameBag('dead letters', bagOf(valuesIn(refused)), bagOf(bad))
    }

    async function checkTotals(): Promise<void> {
      const closed = gaps.length
      const wanted = sumsBy(written, () => true, sensorOf)
      const rows = [...wanted].map(([sensor, { count, total }]) =>
        JSON.stringify({ sensor, count: count + closed, total: total + closed * CLOSING })
      )
      const records = await client().read('totals')
      const created = records.filter(({ headers }) => headers['miracledb.op'] === 'c')
      assert.equal(created.length, SENSORS, 'each sensor is created once')
      const last = new Map(records.map(({ key, value }) => [key, value!]))
      assertSameBag('totals', bagOf(last.values()), bagOf(rows))
    }

    async function checkCopies(): Promise<void> {
      const show = (n: number): string => JSON.stringify({ n, sensor: sensorOf(n) })
      const even = valuesOf(written, n => n % 2 === 0 && !isBad(n), show)
      assertSameBag('copies', bagOf(valuesIn(await client().read('copies'))), bagOf(even))
      const third = valuesOf(
        written,
        n => n % 3 === 0 && !isBad(n),
        n => JSON.stringify({ n })
      )
      assertSameBag('thirds', bagOf(valuesIn(await client().read('thirds'))), bagOf(third))
      const bad = valuesOf(written, isBad, n => String(reading(n).value))
      const refused = await client().read('stateless-dlq')
      assertSameBag('dead letters', bagOf(valuesIn(refused)), bagOf(bad))
    }

    async function closeAll(): Promise<void> {
      const records = lastReadings(written)
      await client().write('readings', records)
      closings.push(records)
      gaps.push(written)
    }

    async function committed(group: string): Promise<void> {
      const wanted = written + gaps.length * SENSORS
      // While a transaction is open that somebody left, nobody is told.
      const read = (): Promise<number> =>
        client()
          .committed(group, 'readings')
          .catch(() => -1)
      await until(`${group} has committed ${wanted}`, async () => (await read()) === wanted, 60_000)
    }

    test('windows, late rows and dead letters, killed at any moment', async () => {
      for (let round = 0; round < WINDOWED_KILLS; round++) {
        const victim = new RunningPipeline(windowed, words())
        await victim.logged('partitions assigned')
        const writing = write(RECORDS_PER_KILL)
        await sleep(random(1000))
        assert.equal(await victim.exit('SIGKILL'), null)
        await writing
      }
      await closeAll()
      const last = await new RunningPipeline(windowed, words()).ready()
      await committed('windowed')
      assert.equal(await last.exit('SIGTERM'), 0, last.text())
      await checkWindows()
      await checkTotals()
    })

    test('two stateless processes, one of them killed at any moment', async () => {
      const start = (): RunningPipeline => new RunningPipeline(stateless, words())
      const both = [start(), start()]
      for (let round = 0; round < STATELESS_KILLS; round++) {
        const writing = write(RECORDS_PER_KILL)
        await sleep(random(2000))
        const victim = random(2)
        assert.equal(await both[victim]!.exit('SIGKILL'), null)
        both[victim] = start()
        await writing
      }
      await committed('stateless')
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
        const writing = write(RECORDS_PER_KILL)
        await second.ready()
        await until('both have partitions', async () => {
          const metrics = await Promise.all([first.metrics(), second.metrics()])
          return metrics.every(({ sources }) => sources['readings']!.partitions.length > 0)
        })
        await sleep(random(500))
        assert.equal(await second.exit('SIGTERM'), 0, second.text())
        await writing
      }
      await committed('stateless')
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await checkCopies()
    })

    test('a broker that is killed and one that is restarted', async () => {
      const pipelines = [windowed, stateless].map(one => new RunningPipeline(one, words()))
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        await Promise.all(pipelines.map(one => one.ready()))
        await write(2 * RECORDS_PER_KILL)
        await sleep(random(300))
        await broker().pause(signal)
        await sleep(500)
        await broker().resume()
      }
      await closeAll()
      await committed('windowed')
      await committed('stateless')
      for (const one of pipelines) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      await checkWindows()
      await checkTotals()
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
      let writing = write(RECORDS_PER_KILL)
      const second = await new RunningPipeline(windowed, words()).ready()
      assert.equal(await first.exit(), 3, first.text())
      await first.logged('taken')
      await writing
      // As a machine that hangs, in the middle of a transaction.
      writing = write(RECORDS_PER_KILL)
      await sleep(200)
      second.kill('SIGSTOP')
      const third = await new RunningPipeline(windowed, words()).ready()
      await writing
      await write(RECORDS_PER_KILL)
      await closeAll()
      await committed('windowed')
      second.kill('SIGCONT')
      assert.equal(await second.exit(), 3, second.text())
      assert.equal(await third.exit('SIGTERM'), 0, third.text())
      await checkWindows()
      await checkTotals()
    })
  },
  { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300' }
)
