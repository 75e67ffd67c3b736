import assert from 'node:assert/strict'
import { after, test } from 'node:test'
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

describeOnKafka('drain', kafka => {
  test('SIGTERM under load loses nothing and sends nothing twice', async () => {
    const { client, broker } = kafka
    await client.createTopic('txns', 4)
    await client.createTopic('alerts', 4)
    const total = 60_000
    const values = Array.from({ length: total }, (_, id) => JSON.stringify({ id, amount: 901 }))
    const write = (from: number, to: number): Promise<void> =>
      client.write(
        'txns',
        values.slice(from, to).map((value, i) => ({ value, key: `${i % 100}` }))
      )
    await write(0, 20_000)
    let first = 0
    for (const end of [40_000, 60_000]) {
      const pipeline = await new RunningPipeline(copy, ['--brokers', broker.brokers]).ready()
      const writing = write(end - 20_000, end)
      await until('some records are through', async () => {
        const { body } = await pipeline.get('/api/v1/kafka/metrics')
        const { sources } = body as { sources: { txns: { messages_consumed: number } } }
        return sources.txns.messages_consumed > 1000
      })
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      await writing
      const ids = (await client.read('alerts')).map(({ value }) => idOf(value))
      assert.equal(new Set(ids).size, ids.length, 'an alert came twice')
      assert.ok(ids.length > first)
      assert.equal(await client.committed('drain', 'txns'), ids.length)
      first = ids.length
    }
    const last = await new RunningPipeline(copy, ['--brokers', broker.brokers]).ready()
    await until(
      'all are committed',
      async () => (await client.committed('drain', 'txns')) === total
    )
    assert.equal(await last.exit('SIGTERM'), 0)
    const ids = (await client.read('alerts')).map(({ value }) => idOf(value))
    assert.deepEqual(
      ids.sort((a, b) => a - b),
      values.map((_, id) => id)
    )
  })
})

function idOf(value: string | null): number {
  return (JSON.parse(value!) as { id: number }).id
}
