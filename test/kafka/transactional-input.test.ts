import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const lookup = compileExecutable(
  'lookup',
  `CREATE SOURCE users FROM KAFKA (topic = 'users', group_id = 'lookup-users', format = 'upsert') SCHEMA (id INT, name TEXT, PRIMARY KEY (id));
CREATE SOURCE events FROM KAFKA (topic = 'events', group_id = 'lookup', auto_offset_reset = 'earliest') SCHEMA (id INT);
CREATE SINK named TO KAFKA (topic = 'named', linger_ms = 1) AS SELECT e.id, u.name FROM events e JOIN users u ON e.id = u.id;`
)
after(() => lookup.remove())

describeOnKafka('topics written in transactions', ({ client, broker }) => {
  test('are read to their end: behind the last record stands the mark of a commit', async () => {
    for (const topic of ['users', 'events', 'named']) await client().createTopic(topic, 2)
    for (const id of [1, 2, 3, 4]) {
      const user = { key: String(id), value: JSON.stringify({ id, name: `user ${id}` }) }
      await (
        await client().writeUncommitted('users', [user])
      )()
    }
    for (let start = 0; start < 2; start++) {
      const pipeline = new RunningPipeline(lookup, ['--brokers', broker().brokers])
      // Not before the table is complete.
      await pipeline.ready()
      await client().write('events', [{ value: '{"id":3}' }])
      await until('the event is looked up', async () => {
        return (await client().read('named')).length === start + 1
      })
      await until('nothing is left', async () => {
        const { sources } = await pipeline.metrics()
        return Object.values(sources).every(({ lag }) => lag === 0)
      })
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    }
  })
})
