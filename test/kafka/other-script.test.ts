import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const script = (least: number): string =>
  `SET commit_interval = '100 ms';
CREATE SOURCE readings FROM KAFKA (topic = 'other-readings', group_id = 'other', auto_offset_reset = 'latest')
  SCHEMA (sensor TEXT, n INT);
CREATE SINK totals TO KAFKA (topic = 'other-totals', format = 'upsert', linger_ms = 1) AS
SELECT sensor, SUM(n) AS total FROM readings WHERE n > ${least} GROUP BY sensor;`
// Two scripts of one name: the one that is deployed, and the one that takes over.
const before = compileExecutable('other', script(0))
const now = compileExecutable('other', script(1))
after(() => [before, now].forEach(pipeline => pipeline.remove()))

const readings = [1, 2, 3].map(n => ({ key: 'a', value: JSON.stringify({ sensor: 'a', n }) }))

describeOnKafka('another script', ({ client, broker }) => {
  test('refuses what the one before has kept, and makes it anew when it is told', async () => {
    await client().createTopic('other-readings', 2)
    await client().createTopic('other-totals', 1)
    const words = ['--brokers', broker().brokers]
    const totals = async (): Promise<unknown> => {
      const records = await client().read('other-totals')
      return records.map(({ value }) => (JSON.parse(value!) as { total: number }).total).at(-1)
    }

    const first = await new RunningPipeline(before, words).ready()
    await client().write('other-readings', readings)
    await until('the first script has counted', async () => (await totals()) === 6)
    assert.equal(await first.exit('SIGTERM'), 0, first.text())

    const refused = new RunningPipeline(now, words)
    assert.equal(await refused.exit(), 3, refused.text())
    assert.match(refused.text(), /totals-groups.*kept by another script.*--rebuild-state/s)
    assert.equal(await totals(), 6, 'nothing was written')

    const rebuilt = await new RunningPipeline(now, [...words, '--rebuild-state']).ready()
    await until('it has read everything again', async () => (await totals()) === 5)
    assert.equal(await rebuilt.exit('SIGTERM'), 0, rebuilt.text())

    const again = await new RunningPipeline(now, words).ready()
    await client().write('other-readings', readings.slice(2))
    await until('it goes on', async () => (await totals()) === 8)
    assert.equal(await again.exit('SIGTERM'), 0, again.text())
  })
})
