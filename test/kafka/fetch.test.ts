import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const RECORDS = 2000
/** By connections of our own, and by librdkafka: what comes out has to be the same. */
const WAYS = ['raw', 'librdkafka']

interface Copy {
  readonly line: string
  readonly k: string | null
  readonly h: Readonly<Record<string, string>>
  readonly o: number
}

describeOnKafka('fetching', ({ client, broker }) => {
  /** Copies all `count` records of a topic to a new one, and answers what is there then. */
  async function copy(
    way: string,
    from: string,
    to: string,
    count: number,
    options: { readonly compression?: string; readonly config?: string } = {}
  ): Promise<Copy[]> {
    const { compression = 'none', config = '' } = options
    const executable = compileExecutable(
      to,
      `CREATE SOURCE s FROM KAFKA (topic = '${from}', group_id = '${to}', auto_offset_reset = 'earliest', format = 'text')
  SCHEMA (line TEXT, k TEXT METADATA FROM 'key', h MAP<TEXT, TEXT> METADATA FROM 'headers', o BIGINT METADATA FROM 'offset')
  CONFIG ('miraclec.fetch' = '${way}'${config});
CREATE SINK k TO KAFKA (topic = '${to}', linger_ms = 1, compression = '${compression}')
  AS SELECT line, k, h, o FROM s;`
    )
    await client().createTopic(to, 1)
    const pipeline = new RunningPipeline(executable, ['--brokers', broker().brokers])
    await until('all is copied', async () => (await client().read(to)).length >= count)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    executable.remove()
    return (await client().read(to)).map(({ value }) => JSON.parse(value!) as Copy)
  }

  for (const codec of CODECS) {
    test(`records that are compressed by ${codec}, by Java and by librdkafka`, async () => {
      // The broker packs them anew, as Java does.
      const config = { 'compression.type': codec === 'none' ? 'uncompressed' : codec }
      await client().createTopic(codec, 1, config)
      const expected = Array.from({ length: RECORDS }, (_, i) => ({
        line: i % 7 === 0 ? '' : `line ${i} of ${'naïve €'.repeat(i % 40)}`,
        k: i % 3 === 0 ? `key ${i}` : null,
        h: i % 5 === 0 ? { kind: `kind ${i}` } : {},
        o: i
      }))
      await client().write(
        codec,
        expected.map(({ line, k, h }) => ({
          value: line,
          key: k,
          headers: Object.entries(h)
        }))
      )
      const compression = codec
      for (const way of WAYS) {
        const copies = await copy(way, codec, `${codec}-${way}`, RECORDS, { compression })
        assert.deepEqual(copies, expected)
      }
      const again = await copy('raw', `${codec}-raw`, `${codec}-again`, RECORDS)
      assert.deepEqual(
        again.map(({ line }) => JSON.parse(line) as Copy),
        expected
      )
    })
  }

  test('a batch that is larger than what is asked for comes as a whole', async () => {
    await client().createTopic('large', 1)
    const values = [1, 2, 3].map(i => String(i).repeat(300_000))
    for (const value of values) await client().write('large', [{ value }])
    const config = ", 'fetch.message.max.bytes' = '1000'"
    const copies = await copy('raw', 'large', 'large-raw', 3, { config })
    assert.deepEqual(
      copies.map(({ line }) => line),
      values
    )
  })

  test('what a transaction took back is left out, between others too', async () => {
    await client().createTopic('undone', 1)
    for (let i = 0; i < 20; i++) {
      const isKept = i % 2 === 0
      await client().write('undone', [{ value: `plain ${i}` }])
      const value = `${isKept ? 'kept' : 'undone'} ${i}`
      const end = await client().writeUncommitted('undone', [{ value }])
      await client().write('undone', [{ value: `between ${i}` }])
      await end(isKept ? 'commit' : 'abort')
    }
    const expected = Array.from({ length: 20 }, (_, i) => [
      `plain ${i}`,
      ...(i % 2 === 0 ? [`kept ${i}`] : []),
      `between ${i}`
    ]).flat()
    for (const way of WAYS) {
      const copies = await copy(way, 'undone', `undone-${way}`, expected.length)
      assert.deepEqual(
        copies.map(({ line }) => line),
        expected
      )
    }
  })

  test('each way goes on where the other one has stopped', async () => {
    const executable = compileExecutable(
      'turns',
      `CREATE SOURCE s FROM KAFKA (topic = 'turns-in', group_id = 'turns', auto_offset_reset = 'earliest') SCHEMA (n INT);
CREATE SINK k TO KAFKA (topic = 'turns-out', linger_ms = 1) AS SELECT n FROM s;`
    )
    await client().createTopic('turns-in', 2)
    await client().createTopic('turns-out', 1)
    const words = ['--brokers', broker().brokers]
    for (let turn = 0; turn < 4; turn++) {
      const records = Array.from({ length: 10 }, (_, i) => ({ value: `{"n":${10 * turn + i}}` }))
      await client().write('turns-in', records)
      const environment = { MIRACLEC_FETCH: WAYS[turn % 2]! }
      const pipeline = new RunningPipeline(executable, words, environment)
      await until('all is committed', async () => {
        return (
          (await client()
            .committed('turns', 'turns-in')
            .catch(() => -1)) ===
          10 * (turn + 1)
        )
      })
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    }
    const values = (await client().read('turns-out')).map(({ value }) => value)
    assert.deepEqual(
      values.map(value => (JSON.parse(value!) as { readonly n: number }).n).sort((a, b) => a - b),
      Array.from({ length: 40 }, (_, n) => n)
    )
    executable.remove()
  })

  test('who fetches is one of two', async () => {
    const executable = compileExecutable(
      'chosen',
      `CREATE SOURCE s FROM KAFKA (topic = 'none', group_id = 'chosen') SCHEMA (id INT);
CREATE SINK k TO KAFKA (topic = 'chosen') AS SELECT id FROM s;`
    )
    await client().createTopic('chosen', 1)
    const words = ['--brokers', broker().brokers]
    const pipeline = new RunningPipeline(executable, words, { MIRACLEC_FETCH: 'fast' })
    await pipeline.logged('MIRACLEC_FETCH is one of raw, librdkafka, not "fast"')
    assert.equal(await pipeline.exit(), 3)
    executable.remove()
  })
})
