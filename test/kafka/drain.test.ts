import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const copy = compileExecutable(
  'copy',
  `CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'drain', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, amount DOUBLE);
CREATE SINK alerts TO KAFKA (topic = 'alerts', linger_ms = 20);
INSERT INTO alerts SELECT id, amount FROM txns WHERE amount > 900;`
)
after(() => copy.remove())

describeOnKafka('drain', ({ client, broker }) => {
  test('SIGTERM under load loses nothing and sends nothing twice', async () => {
    await client().createTopic('txns', 4)
    await client().createTopic('alerts', 4)
    const words = ['--brokers', broker().brokers]
    const total = 60_000
    await client().write('txns', countedRecords(0, 20_000))
    let before = 0
    for (const end of [40_000, total]) {
      const pipeline = await new RunningPipeline(copy, words).ready()
      const writing = client().write('txns', countedRecords(end - 20_000, end))
      await until('some records are through', async () => {
        const { sources } = await pipeline.metrics()
        return sources['txns']!.messages_consumed > 1000
      })
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      await writing
      const ids = idsOf(await client().read('alerts'))
      assert.equal(new Set(ids).size, ids.length, 'an alert came twice')
      assert.ok(ids.length > before)
      assert.equal(await client().committed('drain', 'txns'), ids.length)
      before = ids.length
    }
    const last = await new RunningPipeline(copy, words).ready()
    await until(
      'all is committed',
      async () => (await client().committed('drain', 'txns')) === total
    )
    assert.equal(await last.exit('SIGINT'), 0, last.text())
    const ids = idsOf(await client().read('alerts'))
    assert.deepEqual(
      ids.sort((a, b) => a - b),
      Array.from({ length: total }, (_, id) => id)
    )
  })

  test('a second signal ends the process at once', async () => {
    const pipeline = await new RunningPipeline(copy, ['--brokers', broker().brokers]).ready()
    await client().write('txns', countedRecords(0, 1000))
    await until('they are read', async () => {
      return (await pipeline.metrics()).sources['txns']!.messages_consumed === 1000
    })
    // What is not acknowledged keeps the drain waiting.
    await broker().pause('SIGKILL')
    pipeline.kill('SIGTERM')
    await pipeline.logged('draining')
    assert.equal(await pipeline.exit('SIGTERM'), null)
    await broker().resume()
  })
})
