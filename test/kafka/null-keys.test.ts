import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

// Groups go into a compacted topic, that of NULL too, and two neighbours read it: one whose key takes NULL, and one with a PRIMARY KEY.

const COMPACT = { 'cleanup.policy': 'compact' }
const fast = "SET delivery = 'exactly_once'; SET commit_interval = '50 ms';"
const writer = compileExecutable(
  'null-writer',
  `${fast}
CREATE SOURCE people FROM KAFKA (topic = 'people', group_id = 'null-writer', format = 'upsert')
  SCHEMA (id INT, city TEXT, PRIMARY KEY (id));
CREATE SINK cities TO KAFKA (topic = 'cities', format = 'upsert', linger_ms = 1) AS
SELECT city, COUNT(*) AS n FROM people GROUP BY city;`
)
const reader = (name: string, key: string) =>
  compileExecutable(
    name,
    `${fast}
CREATE SOURCE cities FROM KAFKA (topic = 'cities', group_id = '${name}', format = 'upsert')
  SCHEMA (city TEXT, n BIGINT, ${key} (city)) ON ERROR (action = 'dead_letter', dead_letter_topic = '${name}-dlq');
CREATE SINK copy TO KAFKA (topic = '${name}-copy', format = 'upsert', linger_ms = 1) FROM TABLE cities;`
  )
const taking = reader('taking', 'UNIQUE NULLS NOT DISTINCT')
const strict = reader('strict', 'PRIMARY KEY')
after(() => [writer, taking, strict].forEach(executable => executable.remove()))

describeOnKafka('NULL as a key in a compacted topic', ({ client, broker }) => {
  const words = (): string[] => ['--brokers', broker().brokers]
  const tableOf = async (topic: string) =>
    Object.fromEntries((await client().read(topic)).map(({ key, value }) => [key ?? 'none', value]))
  const write = (id: number, city?: string | null) =>
    client().write('people', [
      { key: String(id), value: city === undefined ? null : JSON.stringify({ id, city }) }
    ])
  const letters = async () =>
    (await client().read('strict-dlq')).map(({ key, value, headers }) => {
      assert.equal(headers['miracledb.error.code'], 'null-key')
      assert.match(
        headers['miracledb.error.message']!,
        /^NULL in "city", of the PRIMARY KEY of "cities": .* UNIQUE NULLS NOT DISTINCT \("city"\)/
      )
      return [key, value]
    })

  test('it is written, goes on after kill -9, and is read back, with its delete', async () => {
    await client().createTopic('people', 1, COMPACT)
    await client().createTopic('cities', 2, COMPACT)
    for (const topic of ['taking-copy', 'strict-copy'])
      await client().createTopic(topic, 1, COMPACT)
    await client().createTopic('strict-dlq', 1)
    await write(1, null)
    await write(2, 'null')
    await write(3, null)
    const first = await new RunningPipeline(writer, words()).ready()
    const one = { city: null, n: 2 }
    await until('groups are told', async () => {
      const { '{"city":null}': row } = await tableOf('cities')
      return row === JSON.stringify(one)
    })
    await first.exit('SIGKILL')
    await write(4, null)
    const second = await new RunningPipeline(writer, words()).ready()
    const readers = [taking, strict].map(executable => new RunningPipeline(executable, words()))
    for (const pipeline of readers) await pipeline.ready()
    const expected = { '{"city":null}': '{"city":null,"n":3}', null: '{"city":"null","n":1}' }
    await until('the row of NULL is copied', async () => {
      const { '{"city":null}': row } = await tableOf('taking-copy')
      return row === expected['{"city":null}']
    })
    assert.deepEqual(await tableOf('taking-copy'), expected)
    // Killed, and read back from the compacted topic.
    await readers[0]!.exit('SIGKILL')
    readers[0] = await new RunningPipeline(taking, words()).ready()
    for (const id of [1, 3, 4]) await write(id)
    await until('the delete is copied', async () => {
      const { '{"city":null}': row } = await tableOf('taking-copy')
      return row === null
    })
    await until('the delete is told', async () =>
      (await letters()).some(([, value]) => value === null)
    )
    for (const [key] of await letters()) assert.equal(key, '{"city":null}')
    assert.deepEqual(await tableOf('strict-copy'), { null: expected.null })
    for (const pipeline of [second, ...readers]) {
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    }
  })
})
