import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadRecord, TestRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const sums = compileExecutable(
  'sums',
  `SET commit_interval = '150 ms';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'sums', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND);
CREATE SINK windows TO KAFKA (topic = 'windows', linger_ms = 1) AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert', linger_ms = 1) AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;`
)
after(() => sums.remove())

const SENSORS = 40
const RECORDS = 30_000
const START = Date.UTC(2026, 0, 1)

/** Ten records per second of event time, now and then one that is up to a second older than the one before. */
function timeOf(i: number): number {
  return START + i * 100 - (i % 7 === 0 ? 900 : 0)
}

function readings(from: number, to: number): TestRecord[] {
  return Array.from({ length: to - from }, (_, k) => {
    const i = from + k
    const sensor = `s${i % SENSORS}`
    const value = JSON.stringify({ sensor, n: i, at: new Date(timeOf(i)).toISOString() })
    return { key: sensor, value }
  })
}

/** Enough records for every partition, far enough in the future to close all windows before. */
function lastReadings(): TestRecord[] {
  const at = new Date(START + 10 * RECORDS * 100).toISOString()
  return Array.from({ length: SENSORS }, (_, i) => ({
    key: `s${i}`,
    value: JSON.stringify({ sensor: `s${i}`, n: 0, at })
  }))
}

interface Sum {
  readonly count: number
  readonly total: number
}

function expectedSums(keyOf: (i: number) => string, extra: number): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (let i = 0; i < RECORDS; i++) {
    const { count, total } = sums.get(keyOf(i)) ?? { count: extra, total: 0 }
    sums.set(keyOf(i), { count: count + 1, total: total + i })
  }
  return sums
}

function readSums(records: readonly ReadRecord[], keyOf: (value: Row) => string) {
  return records.map(({ value }) => {
    const row = JSON.parse(value!) as Row
    return [keyOf(row), { count: row.count, total: row.total }] as const
  })
}

interface Row extends Sum {
  readonly window: string
  readonly sensor: string
}

describeOnKafka('groups', ({ client, broker }) => {
  test('kill -9 at any moment counts no record twice and loses none', async () => {
    await client().createTopic('readings', 3)
    for (const topic of ['windows', 'totals']) await client().createTopic(topic, 1)
    const words = ['--brokers', broker().brokers]
    const share = RECORDS / 5
    await client().write('readings', readings(0, share))
    for (let round = 1; round < 5; round++) {
      const victim = new RunningPipeline(sums, words)
      await victim.logged('partitions assigned')
      const writing = client().write('readings', readings(round * share, (round + 1) * share))
      await sleep([40, 170, 330, 520][round - 1])
      assert.equal(await victim.exit('SIGKILL'), null)
      await writing
    }
    await client().write('readings', lastReadings())
    const last = await new RunningPipeline(sums, words).ready()
    const all = RECORDS + SENSORS
    await until(
      'all is through',
      async () => (await client().committed('sums', 'readings')) === all
    )
    assert.equal(await last.exit('SIGTERM'), 0, last.text())

    const wanted = expectedSums(i => {
      const window = Math.floor(timeOf(i) / 10_000) * 10_000
      return `${new Date(window).toISOString()} s${i % SENSORS}`
    }, 0)
    const rows = readSums(await client().read('windows'), row => `${row.window} ${row.sensor}`)
    // A row may be told again after a crash, but never another one.
    for (const [key, sum] of rows) assert.deepEqual(sum, wanted.get(key), key)
    assert.equal(new Map(rows).size, wanted.size)
    assert.deepEqual(
      new Map(readSums(await client().read('totals'), row => row.sensor)),
      expectedSums(i => `s${i % SENSORS}`, 1)
    )
  })
})
