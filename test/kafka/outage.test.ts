import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
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
const counts = compileExecutable(
  'counts',
  `CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'outage-counts', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, amount DOUBLE);
CREATE SINK sums TO KAFKA (topic = 'sums', linger_ms = 5);
INSERT INTO sums SELECT id % 10 AS k, COUNT(*) AS n FROM txns GROUP BY id % 10 EMIT CHANGES;`
)
after(() => {
  copy.remove()
  counts.remove()
})

interface Status {
  readonly sinks: readonly { readonly status: string }[]
}

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

  const isOfLibrdkafka = process.env['MIRACLEC_PRODUCE'] === 'librdkafka'
  const skip =
    isOfLibrdkafka && 'a producer of librdkafka that has nothing to send needs no brokers'

  test('a sink with nothing to send says that the brokers are away', { skip }, async () => {
    const pipeline = await new RunningPipeline(copy, ['--brokers', broker().brokers]).ready()
    await broker().pause('SIGKILL')
    const told = until('it says so', async () => {
      const { body } = await pipeline.get('/api/v1/pipeline/status')
      return (body as Status).sinks.every(({ status }) => status === 'disconnected')
    })
    await pipeline.beside(told).finally(() => broker().resume())
    await pipeline.ready()
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
  })

  test('SIGTERM while the brokers are away: it ends soon, and the next start does the rest', async () => {
    await client().createTopic('sums', 1)
    const words = ['--brokers', broker().brokers]
    const pipelines = await Promise.all(
      [copy, counts].map(executable => new RunningPipeline(executable, words).ready())
    )
    await client().write('txns', countedRecords(30_000, 40_000))
    for (const pipeline of pipelines)
      await until('some are read', async () => {
        return (await pipeline.metrics()).sources['txns']!.messages_consumed > 0
      })
    await broker().pause('SIGKILL')
    for (const pipeline of pipelines) {
      await pipeline.logged('no broker answers')
      const start = performance.now()
      assert.equal(await pipeline.exit('SIGTERM'), 3, pipeline.text())
      assert.ok(performance.now() - start < 10_000, pipeline.text())
      await pipeline.logged('what is not committed will come again')
    }
    await broker().resume()
    const again = await Promise.all(
      [copy, counts].map(executable => new RunningPipeline(executable, words).ready())
    )
    for (const group of ['outage', 'outage-counts'])
      await until(
        'all is committed',
        async () => (await client().committed(group, 'txns')) === 40_000
      )
    assert.equal(new Set(idsOf(await client().read('alerts'))).size, 40_000)
    // Nothing is left to be committed: that the brokers are away is no reason to wait, or to complain.
    await broker().pause('SIGKILL')
    for (const pipeline of again) {
      await pipeline.logged('no broker answers')
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    }
    await broker().resume()
  })

  test('a broker that is not there at start: exit 3 with its address', async () => {
    const pipeline = new RunningPipeline(copy, ['--brokers', '127.0.0.1:1'])
    const { message, hint } = await pipeline.logged('no broker answers')
    assert.match(message, /127\.0\.0\.1:1.*Connection refused/)
    assert.match(String(hint), /--brokers/)
    assert.equal(await pipeline.exit(), 3)
  })

  test('SIGTERM while it waits for the brokers at its start ends it at once', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    try {
      for (const executable of [copy, counts]) {
        const pipeline = new RunningPipeline(executable, ['--brokers', `127.0.0.1:${port}`])
        await once(silent, 'connection')
        const start = performance.now()
        assert.equal(await pipeline.exit('SIGTERM'), null, pipeline.text())
        assert.ok(performance.now() - start < 3000, pipeline.text())
        await pipeline.logged('stopped before it had started')
      }
    } finally {
      silent.close()
    }
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

  test("a sink's topic that is not there, of a script in parts: exit 3 with its name", async () => {
    const other = compileExecutable(
      'missing_parts',
      `SET parallelism = 2;
CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'missing-parts') SCHEMA (id BIGINT);
CREATE SINK away TO KAFKA (topic = 'not-there') AS SELECT id FROM txns;
CREATE SINK counts TO KAFKA (topic = 'copied', format = 'upsert') AS SELECT id, COUNT(*) AS n FROM txns GROUP BY id;`
    )
    const pipeline = new RunningPipeline(other, ['--brokers', broker().brokers])
    const { message } = await pipeline.logged('does not exist')
    assert.match(message, /topic "not-there" of sink "away"/)
    assert.equal(await pipeline.exit(), 3, pipeline.text())
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
