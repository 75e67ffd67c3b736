import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf, openProtobuf } from '../oracle/index.ts'
import { makeArrow } from '../support/arrow/make-arrow.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

/** By connections of our own, and by librdkafka; at least once, and in transactions. */
const WAYS = [
  ['raw', 'at_least_once'],
  ['librdkafka', 'at_least_once'],
  ['raw', 'exactly_once']
] as const

const RECORDS = 200
const ROWS = 50
const PROTO = 'syntax = "proto3"; message Order { int64 id = 1; string name = 2; }'

describeOnKafka('formats', ({ client, broker }) => {
  for (const [fetch, delivery] of WAYS) {
    test(`rows of Arrow go in and out, the bad ones alone: ${fetch}, ${delivery}`, async () => {
      const name = `arrow-${fetch}-${delivery.replace('_', '-')}`
      await client().createTopic(name, 2)
      for (const topic of [`${name}-mid`, `${name}-out`]) await client().createTopic(topic, 1)
      const source = (from: string, topic: string): string => `CREATE SOURCE ${from}
FROM KAFKA (topic = '${topic}', group_id = '${topic}', format = 'arrow', auto_offset_reset = 'earliest')
SCHEMA (id BIGINT, n INT) CONFIG ('miraclec.fetch' = '${fetch}');`
      const executable = compileExecutable(
        name,
        `SET delivery = '${delivery}';
${source('s', name)}
${source('m', `${name}-mid`)}
CREATE SINK mid TO KAFKA (topic = '${name}-mid', format = 'arrow', linger_ms = 1);
CREATE SINK k TO KAFKA (topic = '${name}-out', linger_ms = 1);
INSERT INTO mid SELECT id, 100 / n AS n FROM s;
INSERT INTO k SELECT id, n FROM m;`
      )
      // One row of each record can't be divided by.
      const value = (record: number): Uint8Array =>
        makeArrow({
          schema: { n: 'int32', id: 'int64', more: 'dictionary' },
          batches: [
            Array.from({ length: ROWS }, (_, row) => [row % ROWS, record * ROWS + row, `r${row}`])
          ]
        })
      await client().write(
        name,
        Array.from({ length: RECORDS }, (_, i) => ({ value: value(i), partition: i % 2 }))
      )
      const pipeline = new RunningPipeline(executable, ['--brokers', broker().brokers])
      const good = RECORDS * (ROWS - 1)
      await until(
        'all rows are out',
        async () =>
          (await client().read(`${name}-out`)).length >= good &&
          (await client().read(`${name}-dlq`)).length >= RECORDS
      )
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      executable.remove()
      const ids = (await client().read(`${name}-out`))
        .map(({ value: row }) => (JSON.parse(row!) as { readonly id: number }).id)
        .sort((a, b) => a - b)
      const all = Array.from({ length: RECORDS * ROWS }, (_, id) => id)
      assert.deepEqual(
        ids,
        all.filter(id => id % ROWS !== 0)
      )
      // One row of each record.
      const letters = await client().read(`${name}-dlq`)
      assert.equal(letters.length, RECORDS)
      for (const { headers } of letters)
        assert.equal(headers['miracledb.error.code'], 'division-by-zero')
      // Rows that come together leave together.
      assert.ok((await client().read(`${name}-mid`)).length <= RECORDS)
    })

    test(`messages of protobuf: ${fetch}, ${delivery}`, async () => {
      const name = `protobuf-${fetch}-${delivery.replace('_', '-')}`
      await client().createTopic(name, 1)
      await client().createTopic(`${name}-out`, 1)
      const type = messageOf(openProtobuf([PROTO]), PROTO, null)
      const rows = Array.from({ length: 1000 }, (_, id) => ({ id, name: `é${id}` }))
      await client().write(
        name,
        rows.map(row => ({ value: Uint8Array.from(type.encode(type.fromObject(row)).finish()) }))
      )
      const executable = compileExecutable(
        name,
        `SET delivery = '${delivery}';
CREATE SOURCE s FROM KAFKA (topic = '${name}', group_id = '${name}', format = 'protobuf', proto_file = 'order.proto', auto_offset_reset = 'earliest')
SCHEMA (id BIGINT, name TEXT) CONFIG ('miraclec.fetch' = '${fetch}');
CREATE SINK k TO KAFKA (topic = '${name}-out', linger_ms = 1);
INSERT INTO k SELECT id, name FROM s;`,
        { 'order.proto': { kind: 'text', text: PROTO } }
      )
      const pipeline = new RunningPipeline(executable, ['--brokers', broker().brokers])
      await until(
        'all is out',
        async () => (await client().read(`${name}-out`)).length >= rows.length
      )
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      executable.remove()
      const written = (await client().read(`${name}-out`)).map(
        ({ value }) => JSON.parse(value!) as unknown
      )
      assert.deepEqual(written, rows)
    })
  }
})
