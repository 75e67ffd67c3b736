import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { tableFromIPC } from 'apache-arrow'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const shop = compileExecutable(
  'shop',
  `SET commit_interval = '100 ms';
CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT, born DATE, paid DECIMAL(20, 2));
CREATE SOURCE events FROM KAFKA (topic = 'shop-events', group_id = 'shop', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT NOT NULL, n INT);
CREATE SOURCE news FROM KAFKA (topic = 'shop-news', group_id = 'shop-news') SCHEMA (id BIGINT);
CREATE SINK copies TO KAFKA (topic = 'shop-copies', linger_ms = 1);
CREATE SINK headlines TO KAFKA (topic = 'shop-headlines', linger_ms = 1);
INSERT INTO copies SELECT id, 100 / n AS share FROM events;
INSERT INTO headlines SELECT id FROM news;`
)
after(() => shop.remove())

const token = { MIRACLEC_TOKEN: 'a-token-of-tests' }

type Rows = readonly (readonly unknown[])[]

async function post(
  pipeline: RunningPipeline,
  sql: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<Response> {
  const { metrics } = await pipeline.logged('started')
  const url = new URL('/api/v1/sql', String(metrics))
  return fetch(url, { method: 'POST', body: sql, headers })
}

async function rows(pipeline: RunningPipeline, sql: string): Promise<Rows> {
  const response = await post(pipeline, sql)
  const body = (await response.json()) as { readonly rows: Rows; readonly text?: string }
  assert.equal(response.status, 200, body.text)
  return body.rows
}

async function change(pipeline: RunningPipeline, sql: string): Promise<string> {
  const authorization = `Bearer ${token.MIRACLEC_TOKEN}`
  const response = await post(pipeline, sql, { authorization })
  const { message = '', text } = (await response.json()) as Partial<Record<string, string>>
  assert.equal(response.status, 200, text)
  return message
}

const SOURCES = `SELECT source_name, status, lag, last_message_timestamp, messages_consumed, bytes_consumed, error_count
  FROM system.kafka_sources ORDER BY source_name`
const SINKS =
  'SELECT sink_name, status, messages_sent, error_count FROM system.kafka_sinks ORDER BY sink_name'
const OFFSETS = `SELECT consumer_group, topic, partition, current_offset, lag
  FROM system.kafka_consumer_offsets WHERE consumer_group = 'shop' ORDER BY partition`

describeOnKafka('the catalogue of a running pipeline', ({ client, broker }) => {
  const words = (): string[] => ['--brokers', broker().brokers]

  test('system tables answer the three queries of the reference with true values', async () => {
    await client().createTopic('shop-events', 2)
    await client().createTopic('shop-news', 1)
    await client().createTopic('shop-copies', 1)
    await client().createTopic('shop-headlines', 1)
    await client().write(
      'shop-news',
      [1, 2, 3].map(id => ({ value: `{"id":${id}}` }))
    )
    const pipeline = await new RunningPipeline(shop, words(), token).ready()
    // Before the first record: where each partition will begin.
    assert.deepEqual(await rows(pipeline, OFFSETS), [
      ['shop', 'shop-events', 0, 0, 0],
      ['shop', 'shop-events', 1, 0, 0]
    ])
    const news = `SELECT current_offset FROM system.kafka_consumer_offsets WHERE topic = 'shop-news'`
    assert.deepEqual(await rows(pipeline, news), [[3]])

    const timestamp = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    const values = ['{"id":1,"n":1}', '{"id":2,"n":0}', '{"id":3,', '{"id":4,"n":50}']
    const records = values.map((value, i) => ({ value, partition: i === 3 ? 1 : 0, timestamp }))
    await client().write('shop-events', records)
    await until('all is committed', async () => {
      return (await client().committed('shop', 'shop-events')) === 4
    })
    const bytes = values.reduce((sum, value) => sum + value.length, 0)
    assert.deepEqual(await rows(pipeline, SOURCES), [
      ['events', 'running', 0, '2026-01-02T03:04:05.678Z', 4, bytes, 2],
      ['news', 'running', 0, null, 0, 0, 0]
    ])
    assert.deepEqual(await rows(pipeline, SINKS), [
      ['copies', 'running', 2, 0],
      ['headlines', 'running', 0, 0]
    ])
    assert.deepEqual(await rows(pipeline, OFFSETS), [
      ['shop', 'shop-events', 0, 3, 0],
      ['shop', 'shop-events', 1, 1, 0]
    ])

    const commit = await client().writeUncommitted('shop-events', [
      { value: '{"id":5,"n":1}', partition: 1 },
      { value: '{"id":6,"n":1}', partition: 1 }
    ])
    const lag = 'SELECT lag FROM system.kafka_sources WHERE source_name = '
    await until('it lags', async () => (await rows(pipeline, `${lag}'events'`))[0]![0] === 2)
    assert.deepEqual(await rows(pipeline, OFFSETS), [
      ['shop', 'shop-events', 0, 3, 0],
      ['shop', 'shop-events', 1, 1, 2]
    ])
    await commit()
    await until('it has caught up', async () => {
      const [events] = await rows(pipeline, SOURCES)
      return events![4] === 6
    })
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())

    const again = await new RunningPipeline(shop, words(), token).ready()
    assert.deepEqual((await rows(again, OFFSETS))[0], ['shop', 'shop-events', 0, 3, 0])
    assert.equal((await rows(again, SOURCES))[0]![4], 0)
    assert.equal(await again.exit('SIGTERM'), 0, again.text())
  })

  test('questions need no token, changes do; answers in Arrow', async () => {
    const pipeline = await new RunningPipeline(shop, words(), token).ready()
    const insert = `INSERT INTO people VALUES (9007199254740993, 'Zoë', DATE '2026-01-02', -12345678901234567.89), (1, NULL, NULL, NULL)`
    for (const sql of [
      insert,
      'DELETE FROM people',
      'DROP SINK copies',
      'ALTER SINK copies SET linger_ms = 5',
      "ALTER SOURCE events SET auto_offset_reset = 'earliest'"
    ]) {
      assert.equal((await post(pipeline, sql)).status, 401, sql)
      assert.equal((await post(pipeline, sql, { authorization: 'Bearer wrong' })).status, 401, sql)
    }
    assert.deepEqual(await rows(pipeline, 'SELECT count(*) FROM people'), [[0]])
    assert.deepEqual(await rows(pipeline, 'SHOW SINKS'), [['copies'], ['headlines']])
    await change(pipeline, insert)
    const answer = await post(pipeline, 'SELECT * FROM people ORDER BY id', {
      accept: 'application/vnd.apache.arrow.stream'
    })
    assert.equal(answer.headers.get('content-type'), 'application/vnd.apache.arrow.stream')
    const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()))
    assert.equal(
      table.schema.toString(),
      'Schema<{ 0: id: Int64, 1: name: Utf8, 2: born: Date32<DAY>, 3: paid: Decimal[20e+2] }>'
    )
    const [first, second] = [table.get(0)!, table.get(1)!]
    assert.deepEqual(
      [first['id'], first['name'], first['born'], first['paid']],
      [1n, null, null, null]
    )
    assert.equal(second['id'], 9007199254740993n)
    assert.equal(second['name'], 'Zoë')
    assert.equal(Number(second['born']), Date.UTC(2026, 0, 2))
    assert.equal(BigInt.asIntN(128, BigInt(String(second['paid']))), -1234567890123456789n)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
  })

  test('ALTER and DROP under load: nothing is lost, nothing half-sent', async () => {
    const pipeline = await new RunningPipeline(shop, words(), token).ready()
    const before = (await client().read('shop-copies')).length
    let next = 1000
    let isWriting = true
    const writing = (async () => {
      while (isWriting) {
        const values = Array.from({ length: 2000 }, (_, i) => `{"id":${next + i},"n":1}`)
        await client().write(
          'shop-events',
          values.map((value, i) => ({ value, partition: i % 2 }))
        )
        next += 2000
      }
    })()
    const consumed = async (): Promise<number> =>
      (await pipeline.metrics()).sources['events']?.messages_consumed ?? 0
    const goesOn = async (): Promise<void> => {
      const from = await consumed()
      await until('records flow', async () => (await consumed()) > from + 4000)
    }
    await goesOn()
    assert.match(
      await change(pipeline, 'ALTER SINK copies SET linger_ms = 5, request_timeout_ms = 60000'),
      /^sink "copies" goes on with its new linger_ms, request_timeout_ms\./
    )
    assert.deepEqual((await rows(pipeline, 'DESCRIBE copies')).at(-1), ['linger_ms', '5'])
    await goesOn()
    await change(pipeline, 'ALTER SOURCE events SET fetch_wait_max_ms = 50')
    await goesOn()
    await change(pipeline, 'DROP SOURCE events')
    const committed = await client().committed('shop', 'shop-events')
    const copies = (await client().read('shop-copies')).slice(before)
    const ids = copies.map(({ value }) => (JSON.parse(value!) as { readonly id: number }).id)
    // Before them: six records, and the mark of a transaction, which has an offset too.
    assert.equal(ids.length, committed - 7)
    assert.equal(new Set(ids).size, ids.length, 'each once')
    for (const rest of [0, 1]) {
      const ofPartition = ids.filter(id => id % 2 === rest)
      assert.ok(
        ofPartition.every((id, i) => id === 1000 + 2 * i + rest),
        `in order, and none is missing of partition ${rest}`
      )
    }
    await change(pipeline, 'DROP SINK headlines')
    await client().write('shop-news', [{ value: '{"id":7}' }])
    await until(
      'it is read',
      async () => (await client().committed('shop-news', 'shop-news')) === 4
    )
    isWriting = false
    await writing
    assert.equal((await client().read('shop-copies')).length, before + ids.length)
    assert.equal((await client().read('shop-headlines')).length, 0)
    assert.deepEqual(await rows(pipeline, 'SHOW SOURCES'), [['news']])
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    assert.equal(await client().committed('shop', 'shop-events'), committed)
  })
})
