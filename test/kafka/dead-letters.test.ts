import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const divide = compileExecutable(
  'divide',
  `CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'divide', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT NOT NULL, total INT, items INT, note TEXT);
CREATE SINK prices TO KAFKA (topic = 'prices', linger_ms = 5);
INSERT INTO prices
SELECT id, total / items AS price, note FROM orders;`
)
after(() => divide.remove())

describeOnKafka('dead letters', ({ client, broker }) => {
  test('poison records go there with their provenance, the rest is unharmed', async () => {
    await client().createTopic('orders', 2)
    await client().createTopic('prices', 2)
    const good = Array.from({ length: 1000 }, (_, id) => ({
      value: JSON.stringify({ id, total: id, items: 1, note: '' }),
      partition: 0
    }))
    await client().write('orders', [
      ...good.slice(0, 500),
      { value: '{"id": 1, "total"', key: 'k1', partition: 0, headers: [['trace', 'a']] as const },
      { value: '{"id":2000,"total":1,"items":0}', key: 'k2', partition: 0 },
      { value: null, key: 'k3', partition: 0 },
      { value: Buffer.from([0x7b, 0xff]), partition: 0 },
      ...good.slice(500)
    ])
    const pipeline = await new RunningPipeline(divide, ['--brokers', broker().brokers]).ready()
    await until(
      'all is committed',
      async () => (await client().committed('divide', 'orders')) === 1004
    )
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    const prices = (await client().read('prices')).map(({ value }) => JSON.parse(value!))
    assert.deepEqual(
      prices.map(({ price }) => price as number).sort((a, b) => a - b),
      good.map((_, id) => id)
    )
    const letters = (await client().read('orders-dlq')).sort(
      (a, b) => offsetOf(a.headers) - offsetOf(b.headers)
    )
    assert.equal(letters.length, 4)
    const [truncated, zero, empty, bytes] = letters
    assert.equal(truncated!.value, '{"id": 1, "total"')
    assert.equal(truncated!.key, 'k1')
    const { 'miracledb.error.timestamp': timestamp, ...headers } = truncated!.headers
    assert.ok(!Number.isNaN(Date.parse(timestamp!)))
    assert.deepEqual(headers, {
      trace: 'a',
      'miracledb.error.source': 'orders',
      'miracledb.error.topic': 'orders',
      'miracledb.error.partition': '0',
      'miracledb.error.offset': '500',
      'miracledb.error.code': 'truncated-json',
      'miracledb.error.message': 'the value ends before its JSON is complete (byte 17)',
      'miracledb.error.attempt': '1',
      'miracledb.error.pipeline': 'divide',
      'miracledb.error.version': headers['miracledb.error.version']
    })
    assert.equal(zero!.headers['miracledb.error.code'], 'division-by-zero')
    assert.equal(zero!.headers['miracledb.error.statement'], 'INSERT INTO prices')
    assert.equal(zero!.headers['miracledb.error.position'], '5:12')
    assert.equal(empty!.value, null)
    assert.equal(empty!.headers['miracledb.error.code'], 'null-value')
    assert.equal(bytes!.headers['miracledb.error.code'], 'invalid-utf8')
  })

  test('a record too large for the sink goes there alone', async () => {
    const copy = compileExecutable(
      'large',
      `CREATE SOURCE texts FROM KAFKA (topic = 'texts', group_id = 'large', auto_offset_reset = 'earliest') SCHEMA (note TEXT);
CREATE SINK small TO KAFKA (topic = 'small', compression = 'none', linger_ms = 50);
INSERT INTO small SELECT note FROM texts;`
    )
    await client().createTopic('texts', 1)
    await client().createTopic('small', 1, { 'max.message.bytes': '2000' })
    const texts = Array.from({ length: 100 }, (_, i) => (i === 50 ? 'x'.repeat(3000) : `note ${i}`))
    await client().write(
      'texts',
      texts.map(note => ({ value: JSON.stringify({ note }) }))
    )
    const pipeline = await new RunningPipeline(copy, ['--brokers', broker().brokers]).ready()
    await until(
      'all is committed',
      async () => (await client().committed('large', 'texts')) === 100
    )
    const { sinks } = await pipeline.metrics()
    assert.equal(sinks['small']!.errors, 1)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    const arrived = (await client().read('small')).map(({ value }) => JSON.parse(value!).note)
    assert.deepEqual(new Set(arrived), new Set(texts.filter(text => text.length < 2000)))
    // At least once: what was in a batch with it, or behind it, may have been sent twice.
    assert.deepEqual(
      lastOnes(arrived),
      texts.filter(text => text.length < 2000)
    )
    const [letter, ...others] = await client().read('small-dlq')
    assert.equal(others.length, 0)
    assert.equal(JSON.parse(letter!.value!).note, texts[50])
    assert.equal(letter!.headers['miracledb.error.code'], 'message-too-large')
    assert.equal(letter!.headers['miracledb.error.topic'], 'small')
    copy.remove()
  })

  test('changes of a batch that is too large as a whole arrive with their header', async () => {
    const kept = compileExecutable(
      'kept',
      `CREATE SOURCE notes FROM KAFKA (topic = 'notes', group_id = 'kept', auto_offset_reset = 'earliest') SCHEMA (id BIGINT, note TEXT);
CREATE TABLE kept (id BIGINT PRIMARY KEY, note TEXT);
CREATE SINK changes TO KAFKA (topic = 'changes', compression = 'none', linger_ms = 50) FROM TABLE kept;
INSERT INTO kept SELECT id, note FROM notes;`
    )
    await client().createTopic('notes', 1)
    await client().createTopic('changes', 1, { 'max.message.bytes': '2000' })
    const notes = Array.from({ length: 100 }, (_, id) => ({ id, note: 'x'.repeat(40) }))
    await client().write(
      'notes',
      notes.map(note => ({ value: JSON.stringify(note) }))
    )
    const pipeline = await new RunningPipeline(kept, ['--brokers', broker().brokers]).ready()
    await until('all is committed', async () => (await client().committed('kept', 'notes')) === 100)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    const changes = await client().read('changes')
    const arrived = changes.map(({ value }) => (JSON.parse(value!) as { id: number }).id)
    assert.deepEqual(
      lastOnes(arrived),
      notes.map(({ id }) => id)
    )
    for (const { headers } of changes) assert.deepEqual(headers, { 'miracledb.op': 'c' })
    kept.remove()
  })

  test('ON ERROR fail: exit 1, nothing committed past the record', async () => {
    const strict = compileExecutable(
      'strict',
      `CREATE SOURCE rows FROM KAFKA (topic = 'rows', group_id = 'strict', auto_offset_reset = 'earliest') SCHEMA (id BIGINT)
  ON ERROR (action = 'fail');
CREATE SINK ids TO KAFKA (topic = 'ids', linger_ms = 5);
INSERT INTO ids SELECT id FROM rows;`
    )
    await client().createTopic('rows', 1)
    await client().createTopic('ids', 1)
    await client().write('rows', [{ value: '{"id":1}' }])
    const pipeline = await new RunningPipeline(strict, ['--brokers', broker().brokers]).ready()
    await until('one is through', async () => (await client().read('ids')).length === 1)
    await client().write('rows', [{ value: '[2]' }, { value: '{"id":3}' }])
    const { message } = await pipeline.logged('stopped by a record')
    assert.match(message, /rows\[0\]@1: .* \(not-an-object\)/)
    assert.equal(await pipeline.exit(), 1)
    assert.equal(await client().committed('strict', 'rows'), 1)
    strict.remove()
  })
})

/** In the order in which each came last. */
function lastOnes<T>(values: readonly T[]): T[] {
  return values.filter((value, i) => values.lastIndexOf(value) === i)
}

function offsetOf(headers: Readonly<Record<string, string>>): number {
  return Number(headers['miracledb.error.offset'])
}
