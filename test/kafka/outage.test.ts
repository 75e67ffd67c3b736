import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const copy = compileExecutable(
  'copy',
  `CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'outage', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, amount DOUBLE);
CREATE SINK alerts TO KAFKA (topic = 'alerts', linger_ms = 5);
INSERT INTO alerts SELECT id, amount FROM txns WHERE amount > 900;`
)
after(() => copy.remove())

describeOnKafka('outage', ({ client, broker }) => {
  test('a broker that goes away and comes back loses nothing', async () => {
    await client().createTopic('txns', 4)
    await client().createTopic('alerts', 4)
    await client().write('txns', countedRecords(0, 20_000))
    const pipeline = await new RunningPipeline(copy, ['--brokers', broker().brokers]).ready()
    await until('some records are through', async () => {
      return (await pipeline.metrics()).sources['txns']!.messages_consumed > 0
    })
    await broker().pause('SIGKILL')
    await pipeline.logged('no broker answers')
    assert.equal((await pipeline.get('/health/ready')).status, 503)
    assert.equal((await pipeline.get('/health/live')).status, 200)
    await broker().resume()
    await client().write('txns', countedRecords(20_000, 30_000))
    await until(
      'all is committed',
      async () => (await client().committed('outage', 'txns')) === 30_000
    )
    assert.equal((await pipeline.get('/health/ready')).status, 200)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    const ids = idsOf(await client().read('alerts'))
    assert.equal(new Set(ids).size, 30_000)
    // One line per client and outage, not one per attempt.
    const lines = pipeline.log.filter(({ level }) => level === 'warn')
    assert.ok(lines.length <= 4, pipeline.text())
  })

  test('a broker that is not there at start: exit 3 with its address', async () => {
    const pipeline = new RunningPipeline(copy, ['--brokers', '127.0.0.1:1'])
    const { message, hint } = await pipeline.logged('no broker answers')
    assert.match(message, /127\.0\.0\.1:1.*Connection refused/)
    assert.match(String(hint), /--brokers/)
    assert.equal(await pipeline.exit(), 3)
  })

  test("a sink's topic that is not there: exit 3 with its name", async () => {
    const other = compileExecutable(
      'missing',
      `CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'missing') SCHEMA (id BIGINT);
CREATE SINK away TO KAFKA (topic = 'not-there');
INSERT INTO away SELECT id FROM txns;`
    )
    const pipeline = new RunningPipeline(other, ['--brokers', broker().brokers])
    const { message } = await pipeline.logged('does not exist')
    assert.match(message, /topic "not-there" of sink "away"/)
    assert.equal(await pipeline.exit(), 3)
    other.remove()
  })

  test('settings that do not go together: exit 3 with the one that is wrong', async () => {
    await client().createTopic('settings', 1)
    const other = compileExecutable(
      'settings',
      `CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'settings') SCHEMA (id BIGINT)
  CONFIG ('fetch.max.bytes' = '20000');
CREATE SINK settings TO KAFKA (topic = 'settings') AS SELECT id FROM txns;`
    )
    const pipeline = new RunningPipeline(other, ['--brokers', broker().brokers])
    const { message } = await pipeline.logged('does not take its settings')
    assert.match(message, /fetch\.max\.bytes/)
    assert.equal(await pipeline.exit(), 3)
    other.remove()
  })

  test('a port that is taken: exit 3', async () => {
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(copy, words).ready()
    const { metrics } = await first.logged('started')
    const second = new RunningPipeline(copy, [...words, '--port', new URL(String(metrics)).port])
    await second.logged('is taken')
    assert.equal(await second.exit(), 3)
    assert.equal(await first.exit('SIGTERM'), 0)
  })
})
