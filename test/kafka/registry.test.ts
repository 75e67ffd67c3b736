import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { openRegistry } from '../../runtime/registry/index.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import { registryMissing, TestRegistry } from '../support/registry/registry.ts'

const skip = process.env['CI'] === undefined ? (registryMissing() ?? false) : false
if (skip !== false) console.warn(`\n!!! SKIPPED, no real registry: ${skip}\n`)

const toAvro = (url: string, columns: string): string =>
  `CREATE SOURCE rows FROM KAFKA (topic = 'rows', group_id = 'to-avro', auto_offset_reset = 'earliest')
   SCHEMA (id BIGINT, name TEXT, at TIMESTAMPTZ, total DECIMAL(10, 2));
   CREATE SINK k TO KAFKA (topic = 'avro-data', linger_ms = 1, format = 'avro', schema_registry_url = '${url}') AS SELECT ${columns} FROM rows;`

/** As the reference prints it, but for the group and where it starts. */
const fromAvro = (url: string, group: string): string =>
  `CREATE SOURCE avro_source
   FROM KAFKA (
       brokers = 'localhost:9092',
       topic = 'avro-data',
       schema_registry_url = '${url}',
       group_id = '${group}', auto_offset_reset = 'earliest'
   )
   SCHEMA (INFER FROM REGISTRY);
   CREATE SINK copies TO KAFKA (topic = '${group}', linger_ms = 1) AS SELECT * FROM avro_source;`

describeOnKafka('records in Avro', ({ client, broker }) => {
  let registry: TestRegistry | null = null
  before(async () => {
    if (skip === false) registry = await TestRegistry.start()
  })
  after(async () => registry?.stop())

  test(
    'go through a real registry: written, inferred, read on both paths, refused',
    { skip },
    async () => {
      const { url } = registry!
      const words = ['--brokers', broker().brokers]
      for (const topic of ['rows', 'avro-data', 'raw', 'librdkafka'])
        await client().createTopic(topic, 1)
      const rows = [1, 2, 3].map(
        id => `{"id":${id},"name":"n${id}","at":"2026-01-31T00:00:0${id}Z","total":${id}.5}`
      )
      await client().write(
        'rows',
        [...rows, '{"id":9007199254740993}'].map(value => ({ value }))
      )

      const writer = compileExecutable('to-avro', toAvro(url, '*'))
      const dryRun = (path: string) =>
        spawnSync(path, [...words, '--dry-run'], { encoding: 'utf8' })
      assert.match(dryRun(writer.path).stdout, /registry .*takes the schema/)
      const writing = await new RunningPipeline(writer, words).ready()
      await until('records in Avro', async () => (await client().read('avro-data')).length === 4)
      assert.equal(await writing.exit('SIGTERM'), 0, writing.text())
      writer.remove()
      await client().write('avro-data', [{ value: 'no Avro' }])

      for (const group of ['raw', 'librdkafka']) {
        // The compiler asks the registry, the pipeline asks it again for what records name.
        const reader = compileExecutable('from-avro', fromAvro(url, group))
        const environment = { MIRACLEC_FETCH: group }
        const reading = await new RunningPipeline(reader, words, environment).ready()
        await until('rows', async () => (await client().read(group)).length === 4)
        const values = (await client().read(group)).map(({ value }) => String(value))
        assert.deepEqual(values.slice(2), [
          '{"id":3,"name":"n3","at":"2026-01-31T00:00:03.000Z","total":3.50}',
          '{"id":9007199254740993,"name":null,"at":null,"total":null}'
        ])
        assert.equal(await reading.exit('SIGTERM'), 0, reading.text())
        reader.remove()
      }
      const letters = await client().read('avro-data-dlq')
      assert.deepEqual(
        letters.map(({ value }) => String(value)),
        ['no Avro', 'no Avro']
      )

      await registry!.requireCompatibility('avro-data-value', 'BACKWARD')
      const other = compileExecutable('other', toAvro(url, 'CAST(id AS TEXT) AS id'))
      const { status, stdout } = dryRun(other.path)
      assert.equal(status, 3)
      assert.match(stdout, /does not take the schema/)
      const refused = new RunningPipeline(other, words)
      assert.equal(await refused.exit(), 3, refused.text())
      assert.match(refused.text(), /the schema of the sink was refused/)
      other.remove()
      const { version } = await openRegistry({ url, properties: {} }, {}).latest('avro-data-value')
      assert.equal(version, 1)
    }
  )

  test(
    'messages of protobuf go through a real registry: written and inferred',
    { skip },
    async () => {
      const { url } = registry!
      const words = ['--brokers', broker().brokers]
      for (const topic of ['rows-2', 'protobuf-data', 'copies'])
        await client().createTopic(topic, 1)
      const columns = `id BIGINT, name TEXT, at TIMESTAMPTZ, tags TEXT[], place ROW(city TEXT)`
      const rows = [
        '{"id":9007199254740993,"name":"n1","at":"2026-01-31T00:00:01Z","tags":["a","b"],"place":{"city":"x"}}',
        '{"id":2}'
      ]
      await client().write(
        'rows-2',
        rows.map(value => ({ value }))
      )
      const source = (topic: string, more = ''): string =>
        `FROM KAFKA (topic = '${topic}', group_id = '${topic}', auto_offset_reset = 'earliest'${more})`
      const registered = `schema_registry_url = '${url}'`
      const writer = compileExecutable(
        'to-protobuf',
        `CREATE SOURCE rows ${source('rows-2')} SCHEMA (${columns});
         CREATE SINK k TO KAFKA (topic = 'protobuf-data', linger_ms = 1, format = 'protobuf', ${registered}) AS SELECT * FROM rows;`
      )
      const writing = await new RunningPipeline(writer, words).ready()
      await until('messages', async () => (await client().read('protobuf-data')).length === 2)
      assert.equal(await writing.exit('SIGTERM'), 0, writing.text())
      writer.remove()

      const reader = compileExecutable(
        'from-protobuf',
        `CREATE SOURCE p ${source('protobuf-data', `, ${registered}`)} SCHEMA (INFER FROM REGISTRY);
         CREATE SINK k TO KAFKA (topic = 'copies', linger_ms = 1) AS SELECT * FROM p;`
      )
      const reading = await new RunningPipeline(reader, words).ready()
      await until('rows', async () => (await client().read('copies')).length === 2)
      const copies = (await client().read('copies')).map(({ value }) => String(value))
      assert.deepEqual(copies, [
        '{"id":9007199254740993,"name":"n1","at":"2026-01-31T00:00:01.000Z","tags":["a","b"],"place":{"city":"x"}}',
        '{"id":2,"name":null,"at":null,"tags":[],"place":null}'
      ])
      assert.equal(await reading.exit('SIGTERM'), 0, reading.text())
      reader.remove()
    }
  )

  test(
    'tables go through a real registry: changes and upserts, their keys too, and columns that are inferred',
    { skip },
    async () => {
      const { url } = registry!
      const words = ['--brokers', broker().brokers]
      for (const topic of ['changes', 'upserts', 'of-changes', 'of-upserts'])
        await client().createTopic(topic, 1)
      const avro = `value_format = 'avro', key_format = 'avro', schema_registry_url = '${url}'`
      const writer = compileExecutable(
        'tables-to-avro',
        `CREATE TABLE t (id BIGINT, part TEXT, total DECIMAL(10, 2), PRIMARY KEY (part, id));
         CREATE SINK c TO KAFKA (topic = 'changes', linger_ms = 1, format = 'debezium', ${avro}) FROM TABLE t;
         CREATE SINK u TO KAFKA (topic = 'upserts', linger_ms = 1, format = 'upsert', ${avro}) FROM TABLE t;
         INSERT INTO t VALUES (9007199254740993, 'a', 1.5), (2, 'b', NULL), (3, 'b', 7);
         UPDATE t SET total = -0.25 WHERE id = 2;
         DELETE FROM t WHERE id = 3;`
      )
      const dryRun = spawnSync(writer.path, [...words, '--dry-run'], { encoding: 'utf8' })
      assert.equal(dryRun.stdout.match(/takes the schema/g)?.length, 4, dryRun.stdout)
      const writing = await new RunningPipeline(writer, words).ready()
      await until('changes', async () => (await client().read('changes')).length === 5)
      assert.equal(await writing.exit('SIGTERM'), 0, writing.text())
      writer.remove()

      const source = (name: string, format: string): string =>
        `CREATE SOURCE ${name} FROM KAFKA (topic = '${name}', group_id = '${name}', format = '${format}', key_format = 'avro', schema_registry_url = '${url}')
         SCHEMA (INFER FROM REGISTRY, PRIMARY KEY (part, id));
         CREATE SINK ${name}_copy TO KAFKA (topic = 'of-${name}', linger_ms = 1) FROM TABLE ${name};`
      const reader = compileExecutable(
        'tables-from-avro',
        `${source('changes', 'debezium')}\n${source('upserts', 'upsert')}`
      )
      const reading = await new RunningPipeline(reader, words).ready()
      for (const topic of ['of-changes', 'of-upserts']) {
        await until(topic, async () => (await client().read(topic)).length === 5)
        const told = (await client().read(topic)).map(({ value }) => String(value))
        assert.deepEqual(told, [
          '{"id":9007199254740993,"part":"a","total":1.50}',
          '{"id":2,"part":"b","total":null}',
          '{"id":3,"part":"b","total":7.00}',
          '{"id":2,"part":"b","total":-0.25}',
          '{"id":3,"part":"b","total":7.00}'
        ])
      }
      assert.equal(await reading.exit('SIGTERM'), 0, reading.text())
      reader.remove()
    }
  )
})
