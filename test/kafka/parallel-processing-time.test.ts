import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom } from '../support/functions/random-value.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { ABORT_SOON, KilledProcesses } from '../support/kafka/killed-processes.ts'
import { until } from '../support/kafka/until.ts'

const RECORDS = 3000
const KILLS = Number(process.env['PARALLEL_KILLS'] ?? 5)
const random = makeRandom(20_261_129)

const clicks = compileExecutable(
  'clicks',
  `SET delivery = 'exactly_once';
SET parallelism = 3;
CREATE SOURCE clicks FROM KAFKA (topic = 'clicks', group_id = 'clicks', auto_offset_reset = 'earliest') SCHEMA (who INT, at AS PROCTIME());
CREATE SINK seconds TO KAFKA (topic = 'seconds') AS
SELECT time_bucket('1 second', at) AS w, who, COUNT(*) AS n FROM clicks GROUP BY w, who;
CREATE SINK tens TO KAFKA (topic = 'tens') AS
SELECT time_bucket('10 seconds', w) AS ten, SUM(n) AS n FROM (
  SELECT time_bucket('1 second', at) AS w, who, COUNT(*) AS n FROM clicks GROUP BY w, who) GROUP BY ten;`
)
after(() => clicks.remove())

describeOnKafka(
  'windows of processing time in tasks',
  ({ client, broker }) => {
    const start = (): RunningPipeline =>
      new RunningPipeline(clicks, ['--brokers', broker().brokers])
    let written = 0

    before(async () => {
      for (const topic of ['clicks', 'seconds', 'tens']) await client().createTopic(topic, 3)
    })

    test('each record is in one window, which is told once, while processes are killed, and ends where nothing comes', async () => {
      const processes = new KilledProcesses(start, random)
      for (let round = 0; round < KILLS; round++) {
        const records = Array.from({ length: RECORDS }, () => ({
          key: String(random(100)),
          value: JSON.stringify({ who: random(100) })
        }))
        written += RECORDS
        await processes.killOne(client().write('clicks', records))
      }
      for (const topic of ['seconds', 'tens']) {
        const rows = async () =>
          (await client().read(topic)).map(({ value }) => JSON.parse(value!) as { n: number })
        const sum = async () => (await rows()).reduce((total, { n }) => total + n, 0)
        await until(`all are in windows of ${topic}`, async () => (await sum()) >= written, 90_000)
        assert.equal(await sum(), written, topic)
        const windows = (await rows()).map(({ n: _, ...key }) => JSON.stringify(key))
        assert.equal(new Set(windows).size, windows.length, `${topic}: each window is told once`)
      }
      await processes.drain()
    })

    test('who is idle commits once a second, and no more often', async () => {
      const pipeline = await start().ready()
      const offsets = async () => (await client().read('clicks-seconds-groups-exchange')).length
      await sleep(2000)
      const before = await offsets()
      await sleep(5000)
      const told = (await offsets()) - before
      // A mark for each of three tasks.
      assert.ok(told >= 3 * 3 && told <= 3 * 7, String(told))
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    })
  },
  ABORT_SOON
)
