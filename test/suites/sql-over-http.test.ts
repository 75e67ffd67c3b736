import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableFromIPC } from 'apache-arrow'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'

const topics = makeMemoryTopics()
let asked: AskedPipeline

before(async () => {
  asked = await startAskedPipeline(
    'sql-over-http',
    `SET commit_interval = '50 ms';
CREATE TABLE orders (id BIGINT, who TEXT DEFAULT 'nobody', amount DECIMAL(20, 2), x DOUBLE, PRIMARY KEY (id));
CREATE SOURCE events FROM KAFKA (topic = 'events', group_id = 'readers') SCHEMA (id BIGINT NOT NULL, n INT);
CREATE SINK changes TO KAFKA (topic = 'changes') FROM TABLE orders;
CREATE SINK copies TO KAFKA (topic = 'copies');
INSERT INTO copies SELECT id, n FROM events;
CREATE VIEW large (no, who, cents) AS SELECT id, upper(who), amount * 100 FROM orders WHERE amount > 10 -- in euros
;
CREATE VIEW by_who AS SELECT who, COUNT(*) AS n, MAX(cents) AS most FROM large GROUP BY who;
CREATE VIEW recent AS SELECT id FROM events;`,
    topics
  )
})
after(() => asked.stop())

function valuesOf(topic: string): (string | null)[] {
  return topics
    .read(topic)
    .map(({ value }) => (value === null ? null : Buffer.from(value).toString()))
}

async function until(what: string, done: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (done()) return
    await sleep(10)
  }
  assert.fail(what)
}

async function rows(statement: string): Promise<unknown> {
  const { status, text } = await asked.post(statement)
  assert.equal(status, 200, text)
  return (JSON.parse(text) as { readonly rows: unknown }).rows
}

async function refusal(statement: string): Promise<string> {
  const { status, text } = await asked.post(statement)
  assert.equal(status, 400, text)
  return (JSON.parse(text) as { readonly code: string }).code
}

test('a change is in the sink when it is answered, numbers keep their digits', async () => {
  const insert = `INSERT INTO orders VALUES (9007199254740993, 'Zoë', 123456789012345678.90, 0.1)`
  const { status, text } = await asked.post(insert)
  assert.equal(status, 200, text)
  assert.deepEqual(JSON.parse(text), {
    columns: [],
    rows: [],
    verb: 'INSERT',
    table: 'orders',
    changed: 1
  })
  assert.equal(
    valuesOf('changes').at(-1),
    '{"id":9007199254740993,"who":"Zoë","amount":123456789012345678.90,"x":0.1}'
  )
  const answer = await asked.post('SELECT id, who, amount, x FROM orders')
  assert.match(answer.text, /"rows":\[\[9007199254740993,"Zoë",123456789012345678\.90,0\.1\]\]/)
  assert.match(answer.text, /\{"name":"amount","type":"DECIMAL\(20,2\)"\}/)
  await asked.post(`DELETE FROM orders`)
})

test('views over tables are asked as in the script, as their tables are now', async () => {
  await asked.post(
    `INSERT INTO orders VALUES (1, 'ann', 11.5, 0), (2, 'bob', 9, 0), (3, 'ann', 20, 0)`
  )
  assert.deepEqual(await rows('SELECT no, who, cents FROM large ORDER BY no'), [
    [1, 'ANN', 1150],
    [3, 'ANN', 2000]
  ])
  await asked.post('DELETE FROM orders WHERE id = 3')
  assert.deepEqual(
    await rows('SELECT b.most, o.x FROM by_who b JOIN orders o ON upper(o.who) = b.who'),
    [[1150, 0]]
  )
  assert.equal(await refusal('SELECT * FROM recent'), 'relation-not-found')
  assert.equal(await refusal('DELETE FROM large'), 'not-a-table')
  await asked.post('DELETE FROM orders')
})

test('a table that is not kept: what can be asked instead', async () => {
  const { status, text } = await asked.post('SELECT * FROM elsewhere')
  assert.equal(status, 400, text)
  assert.match(text, /relation-not-found/)
  assert.match(text, /SELECT \* FROM system\.tables lists them/)
  const { text: near } = await asked.post('SELECT * FROM ordes')
  assert.match(near, /Did you mean/)
  assert.doesNotMatch(near, /system\.tables/)
})

test('a JSON body, an Arrow answer', async () => {
  const sql = "SELECT 9007199254740993 AS big, 1.50 AS d, DATE '2026-01-02' AS day, NULL AS n"
  const { bytes } = await asked.post(JSON.stringify({ sql }), {
    'content-type': 'application/json',
    accept: 'application/vnd.apache.arrow.stream'
  })
  const table = tableFromIPC(bytes)
  assert.equal(table.numRows, 1)
  const row = table.get(0)!
  assert.equal(row['big'], 9007199254740993n)
  assert.equal(String(row['d']), '150')
  assert.equal(Number(row['day']), Date.UTC(2026, 0, 2))
  assert.equal(row['n'], null)
})

test('changes need the token, questions do not', async () => {
  const wrong = { authorization: 'Bearer secreT' }
  for (const headers of [wrong, { authorization: 'secret' }, { authorization: '' }]) {
    const { status, text } = await asked.post(`INSERT INTO orders (id) VALUES (1)`, headers)
    assert.equal(status, 401, text)
    assert.match(text, /token-needed/)
    assert.equal((await asked.post('DROP SINK changes', headers)).status, 401)
    assert.equal(
      (await asked.post(`ALTER SOURCE events SET auto_offset_reset = 'earliest'`, headers)).status,
      401
    )
    assert.equal((await asked.post('SELECT count(*) FROM orders', headers)).status, 200)
  }
  assert.deepEqual(await rows('SELECT count(*) FROM orders'), [[0]])
})

test('a pipeline without a token answers questions only', async () => {
  const quiet = await startAskedPipeline(
    'sql-without-token',
    'CREATE TABLE t (id INT PRIMARY KEY);',
    makeMemoryTopics(),
    null
  )
  const { status, text } = await quiet.post('INSERT INTO t VALUES (1)', {
    authorization: 'Bearer null'
  })
  assert.equal(status, 401)
  assert.match(text, /token-not-configured/)
  assert.equal((await quiet.post('SHOW TABLES')).status, 200)
  await quiet.stop()
  assert.equal(
    (await quiet.pipeline.execute('SHOW TABLES').catch((e: Error) => e.name)) as string,
    'EnvironmentError'
  )
})

test('what cannot be done is refused with its position, and changes nothing', async () => {
  await asked.post(`INSERT INTO orders (id, x) VALUES (1, 1), (2, 1e20)`)
  const before = valuesOf('changes').length
  assert.equal(await refusal('INSERT INTO orders (id) VALUES (3), (1)'), 'duplicate-key')
  assert.equal(await refusal('UPDATE orders SET amount = 1 / (id - 2)'), 'division-by-zero')
  const { text } = await asked.post('SELECT idd FROM orders')
  const document = JSON.parse(text) as { readonly code: string; readonly text: string }
  assert.equal(document.code, 'column-not-found')
  assert.match(document.text, /1:8/)
  assert.equal(await refusal('CREATE TABLE t (id INT)'), 'create-at-run-time')
  assert.equal(await refusal('DROP TABLE orders'), 'part-of-dataflow')
  assert.equal(await refusal('ALTER SINK nobody SET linger_ms = 1'), 'sink-not-found')
  assert.equal(valuesOf('changes').length, before)
  assert.deepEqual(await rows('SELECT id, x FROM orders ORDER BY id'), [
    [1, 1],
    [2, 1e20]
  ])
  await asked.post('DELETE FROM orders')
})

test('a change whose row JSON cannot say leaves no trace in the table or the sink', async () => {
  await asked.post(`INSERT INTO orders (id, x) VALUES (1, 1), (2, 2)`)
  const before = valuesOf('changes').length
  assert.equal(
    await refusal(`UPDATE orders SET x = CASE WHEN id = 2 THEN CAST('NaN' AS DOUBLE) ELSE 7 END`),
    'not-finite'
  )
  assert.equal(
    await refusal(`INSERT INTO orders (id, x) VALUES (3, 3), (4, CAST('NaN' AS DOUBLE))`),
    'not-finite'
  )
  assert.deepEqual(await rows('SELECT id, x FROM orders ORDER BY id'), [
    [1, 1],
    [2, 2]
  ])
  assert.equal(valuesOf('changes').length, before)
  await asked.post('DELETE FROM orders')
})

test('a batch of changes is made as a whole or not at all', async () => {
  const before = valuesOf('changes').length
  const { status, text } = await asked.post(
    `INSERT INTO orders (id, x) VALUES (71, 1); INSERT INTO orders (id, x) VALUES (72, 1);
     UPDATE orders SET x = x + 1 WHERE id >= 71; DELETE FROM orders WHERE id = 72;`
  )
  assert.equal(status, 200, text)
  assert.deepEqual(JSON.parse(text), { columns: [], rows: [], statements: 4, changed: 5 })
  assert.equal(valuesOf('changes').length, before + 5)
  assert.deepEqual(await rows('SELECT id, x FROM orders WHERE id > 70 ORDER BY id'), [[71, 2]])
  const batch = `UPDATE orders SET x = 9 WHERE id = 71; INSERT INTO orders (id) VALUES (73); DELETE FROM orders WHERE id = 71;`
  assert.equal(await refusal(`${batch} INSERT INTO orders (id) VALUES (73)`), 'duplicate-key')
  assert.equal(await refusal(`${batch} SELECT * FROM orders`), 'batch-of-changes')
  assert.equal(
    await refusal(`${batch} UPDATE orders SET x = 1e308 * 10 WHERE id = 73`),
    'out-of-range'
  )
  assert.equal(valuesOf('changes').length, before + 5)
  assert.deepEqual(await rows('SELECT id, x FROM orders WHERE id > 70 ORDER BY id'), [[71, 2]])
  assert.equal((await asked.post(batch, { authorization: 'Bearer wrong' })).status, 401)
  await asked.post('DELETE FROM orders')
})

test('what is no statement', async () => {
  const large = `SELECT '${'x'.repeat(4 << 20)}'`
  assert.equal((await asked.post(large)).status, 413)
  assert.equal((await asked.post('{"q": 1}', { 'content-type': 'application/json' })).status, 400)
  assert.equal((await asked.post('{"sql"', { 'content-type': 'application/json' })).status, 400)
  assert.equal((await fetch(asked.url)).status, 405)
  const foreign = await new Promise<number>((resolve, reject) => {
    const options = { method: 'POST', headers: { host: 'evil.example' } }
    request(asked.url, options, response => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end('SHOW TABLES')
  })
  assert.equal(foreign, 403)
})

test('names, columns, and the three queries of the reference', async () => {
  assert.deepEqual(await rows('SHOW SOURCES'), [['events']])
  assert.deepEqual(await rows('LIST SINKS'), [['changes'], ['copies']])
  assert.deepEqual(await rows('DESCRIBE orders'), [
    ['id', 'BIGINT', 'NO', 'PRIMARY KEY'],
    ['who', 'TEXT', 'YES', ''],
    ['amount', 'DECIMAL(20,2)', 'YES', ''],
    ['x', 'DOUBLE', 'YES', '']
  ])
  assert.deepEqual(await rows('DESCRIBE events'), [
    ['id', 'BIGINT', 'NO', ''],
    ['n', 'INT', 'YES', '']
  ])
  assert.deepEqual(await rows('DESCRIBE system.tables'), [
    ['table_name', 'TEXT', 'NO', ''],
    ['rows', 'BIGINT', 'NO', ''],
    ['primary_key', 'TEXT', 'YES', '']
  ])
  assert.equal(await refusal('DESCRIBE tables'), 'object-not-found')
  const timestamp = Date.UTC(2026, 0, 2, 3, 4, 5, 6)
  const write = (n: number): void =>
    topics.append('events', { key: null, value: Buffer.from(`{"id":${n},"n":${n}}`), timestamp })
  for (const n of [1, 2, 3]) write(n)
  await until('copies', () => valuesOf('copies').length === 3)
  assert.deepEqual(
    await rows('SELECT source_name, status, lag, last_message_timestamp FROM system.kafka_sources'),
    [['events', 'running', 0, '2026-01-02T03:04:05.006Z']]
  )
  assert.deepEqual(
    await rows(
      `SELECT sink_name, status, messages_sent, error_count FROM system.kafka_sinks WHERE sink_name = 'copies'`
    ),
    [['copies', 'running', 3, 0]]
  )
  assert.deepEqual(
    await rows(
      `SELECT consumer_group, topic, partition, current_offset, lag FROM system.kafka_consumer_offsets WHERE consumer_group = 'readers'`
    ),
    [['readers', 'events', 0, 3, 0]]
  )
  assert.deepEqual(await rows('SELECT * FROM system.tables'), [['orders', 0, 'id']])
  assert.deepEqual(await rows('SELECT operator, kind, messages FROM system.operators ORDER BY 1'), [
    ['changes', 'sink', valuesOf('changes').length],
    ['copies', 'sink', 3],
    ['events', 'source', 3],
    ['orders', 'table', 0]
  ])
})

test('ALTER rewinds a source, DROP stops a sink and a source', async () => {
  const { text } = await asked.post(`ALTER SOURCE events SET auto_offset_reset = 'earliest'`)
  assert.match(text, /from its first record in partitions 0/)
  await until('all again', () => valuesOf('copies').length === 6)
  assert.equal((await asked.post('ALTER SINK copies SET request_timeout_ms = 60000')).status, 200)
  assert.equal((await asked.post('DROP SINK copies')).status, 200)
  topics.append('events', { key: null, value: Buffer.from('{"id":4}'), timestamp: 0 })
  await until('it is read', () => topics.committed('readers', 'events', 0) === 4)
  assert.equal(valuesOf('copies').length, 6)
  assert.deepEqual(await rows('SHOW SINKS'), [['changes']])
  assert.equal((await asked.post('DROP SOURCE events')).status, 200)
  topics.append('events', { key: null, value: Buffer.from('{"id":5}'), timestamp: 0 })
  assert.deepEqual(await rows('SHOW SOURCES'), [])
  assert.equal((await asked.post('DROP SOURCE IF EXISTS events')).status, 200)
  assert.equal(await refusal('DROP SOURCE events'), 'source-not-found')
  await sleep(200)
  assert.equal(topics.committed('readers', 'events', 0), 4)
  // Its table lives on.
  assert.equal((await asked.post('INSERT INTO orders (id) VALUES (77)')).status, 200)
  assert.deepEqual(await rows('SELECT id FROM orders'), [[77]])
})

test('many at once share a commit, and none is lost', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      asked.post(`INSERT INTO orders (id, who) VALUES (${1000 + i}, 'many')`)
    )
  )
  assert.ok(answers.every(({ status }) => status === 200))
  assert.deepEqual(await rows(`SELECT count(*) FROM orders WHERE who = 'many'`), [[200]])
})
