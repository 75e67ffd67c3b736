import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateRows } from '../../compiler/commands/dev-rows.ts'
import { findComparedValues, generateRow, makeRandom } from '../../compiler/dev/index.ts'
import { analyzeScript, type Session } from '../../compiler/index.ts'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { freePort } from '../../runtime/dev/free-port.ts'
import { root } from '../architecture/source-files.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

const folder = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function dev(...words: string[]) {
  const program = join(root, 'compiler/miraclec')
  return spawnSync(program, ['dev', ...words], { encoding: 'utf8', timeout: 120_000 })
}

const script = write(
  'orders.sql',
  `CREATE SOURCE orders FROM KAFKA (topic = 'orders') SCHEMA (id BIGINT, total DOUBLE);
CREATE SINK large TO KAFKA (topic = 'large-orders');
INSERT INTO large SELECT id, 1000 / id AS share, total FROM orders WHERE total > 100;`
)

test('a SELECT on its own prints its rows', () => {
  const alone = write(
    'alone.sql',
    `CREATE SOURCE orders FROM KAFKA (topic = 'orders') SCHEMA (id BIGINT, total DOUBLE);
SELECT id, total * 2 AS twice FROM orders WHERE total > 100;`
  )
  const rows = write('alone.jsonl', '{"id":1,"total":100.5}\n{"id":2,"total":7}\n')
  const { status, stdout, stderr } = dev(alone, '--once', '--input', rows)
  assert.equal(status, 0, stderr)
  assert.equal(stdout, '{"id":1,"twice":201}\n')
})

test('all that waits for time is told when the rows are over', () => {
  const windows = write(
    'windows.sql',
    `CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (k TEXT, n INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);
CREATE SOURCE r FROM KAFKA (topic = 'right') SCHEMA (k TEXT, m INT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
CREATE SINK tumble TO KAFKA (topic = 'tumble') AS SELECT k, SUM(n) AS n FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, k;
CREATE SINK hop TO KAFKA (topic = 'hop') AS SELECT COUNT(*) AS n FROM HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE) GROUP BY window_start, window_end;
CREATE SINK session TO KAFKA (topic = 'session') AS SELECT k, COUNT(*) AS n FROM SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '2' MINUTE) GROUP BY window_start, window_end, k;
CREATE SINK joined TO KAFKA (topic = 'joined') AS SELECT s.k, s.n, r.m FROM s LEFT JOIN r ON s.k = r.k AND r.ts BETWEEN s.ts AND s.ts + INTERVAL '1' MINUTE;
CREATE SINK next TO KAFKA (topic = 'next') AS SELECT k, n, LEAD(n) OVER (PARTITION BY k ORDER BY ts) AS next FROM s;
CREATE SINK first TO KAFKA (topic = 'first') AS SELECT window_end AS t, COUNT(*) AS n FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end;
CREATE SOURCE again FROM KAFKA (topic = 'first') SCHEMA (t TIMESTAMP, n BIGINT, WATERMARK FOR t AS t);
CREATE SINK second TO KAFKA (topic = 'second') AS SELECT SUM(n) AS n FROM again GROUP BY time_bucket('1 hour', t);`
  )
  const rows = write(
    's.jsonl',
    ['{"k":"a","n":1,"ts":"2026-01-01T00:00:10Z"}', '{"k":"b","n":2,"ts":"2026-01-01T00:00:20Z"}']
      .concat('{"k":"a","n":3,"ts":"2026-01-01T00:01:40Z"}\n')
      .join('\n')
  )
  const right = write('r.jsonl', '{"k":"a","m":7,"ts":"2026-01-01T00:00:30Z"}\n')
  const { status, stdout, stderr } = dev(windows, '--once', '--input', `s=${rows},r=${right}`)
  assert.equal(status, 0, stderr)
  const told = Map.groupBy(stdout.trimEnd().split('\n'), line => line.split(' ')[0])
  const of = (topic: string): readonly string[] =>
    told
      .get(topic)!
      .map(line => line.slice(line.indexOf('{"')).split('  ').at(-1)!)
      .sort()
  assert.deepEqual(of('tumble'), ['{"k":"a","n":1}', '{"k":"a","n":3}', '{"k":"b","n":2}'])
  assert.deepEqual(of('hop'), ['{"n":1}', '{"n":1}', '{"n":2}', '{"n":2}'])
  assert.deepEqual(of('session'), ['{"k":"a","n":2}', '{"k":"b","n":1}'])
  assert.deepEqual(of('joined'), [
    '{"k":"a","n":1,"m":7}',
    '{"k":"a","n":3,"m":null}',
    '{"k":"b","n":2,"m":null}'
  ])
  assert.deepEqual(of('next'), [
    '{"k":"a","n":1,"next":3}',
    '{"k":"a","n":3,"next":null}',
    '{"k":"b","n":2,"next":null}'
  ])
  // What it sends to itself is over when all of it has come.
  assert.deepEqual(of('second'), ['{"n":3}'])
})

test('tables keep their state in the embedded broker', () => {
  const tables = write(
    'tables.sql',
    `CREATE TABLE rates (currency TEXT PRIMARY KEY, rate DOUBLE);
INSERT INTO rates VALUES ('EUR', 2.0);
CREATE SOURCE orders FROM KAFKA (topic = 'orders') SCHEMA (id BIGINT, currency TEXT);
CREATE SINK rated TO KAFKA (topic = 'rated');
INSERT INTO rated SELECT o.id, r.rate FROM orders o JOIN rates r ON o.currency = r.currency;`
  )
  const rows = write('tables.jsonl', '{"id":1,"currency":"EUR"}\n{"id":2,"currency":"USD"}\n')
  const { status, stdout, stderr } = dev(tables, '--once', '--input', rows)
  assert.equal(status, 0, stderr)
  assert.equal(stdout, 'rated  {"id":1,"rate":2}\n')
})

test('rows of a file go in, records of the sinks and dead letters come out', () => {
  const rows = write(
    'rows.jsonl',
    `{"id":1,"total":100.5}
{"id":2,"total":7}
{"id":3,"total":

{"id":0,"total":300}
{"id":4,"total":400}
`
  )
  const { status, stdout, stderr } = dev(script, '--once', '--input', rows)
  assert.equal(status, 0, stderr)
  const lines = stdout.split('\n').filter(line => line !== '')
  assert.deepEqual(
    lines.filter(line => line.startsWith('large-orders  ')),
    [
      'large-orders  {"id":1,"share":1000,"total":100.5}',
      'large-orders  {"id":4,"share":250,"total":400}'
    ]
  )
  const letters = lines.filter(line => line.startsWith('orders-dlq  ')).sort()
  assert.equal(letters.length, 2)
  assert.match(
    letters[0]!,
    /^orders-dlq {2}\{"id":0,"total":300\} {2}\(division-by-zero: .*3:30\)$/
  )
  assert.match(letters[1]!, /^orders-dlq {2}\{"id":3,"total": {2}\(truncated-json: /)
  assert.equal(lines.length, 4)
  assert.match(stderr, /5 rows in, records out: 2 to large-orders, 2 to orders-dlq\n$/)
})

const joined = write(
  'joined.sql',
  `CREATE SOURCE events FROM KAFKA (topic = 'events', group_id = 'a') SCHEMA (id BIGINT, who BIGINT);
CREATE SOURCE users FROM KAFKA (topic = 'users', group_id = 'b', format = 'upsert')
  SCHEMA (id BIGINT, name TEXT, PRIMARY KEY (id));
CREATE TABLE log (id BIGINT PRIMARY KEY, note TEXT);
INSERT INTO log VALUES (1, 'one');
CREATE SINK log_changes TO KAFKA (topic = 'log-changes') FROM TABLE log;
CREATE SINK named TO KAFKA (topic = 'named');
INSERT INTO named SELECT e.id, u.name FROM events e LEFT JOIN users u ON e.who = u.id;`
)
const data = mkdtempSync(join(folder, 'data-'))
write(`${basename(data)}/users.jsonl`, '{"id":1,"name":"Ada"}\n{"id":2,"name":"Alan"}\n')
const users = write('users.jsonl', '{"id":1,"name":"Ada"}\n{"id":2,"name":"Alan"}\n')
const events = write('events.jsonl', '{"id":1,"who":2}\n{"id":2,"who":1}\n{"id":3,"who":3}\n')

test('rows of tables are there before the events that look for them', () => {
  // The order on the command line is not the one in which they have to come.
  const { status, stdout, stderr } = dev(
    joined,
    '--once',
    '--input',
    `events=${events},users=${users}`
  )
  assert.equal(status, 0, stderr)
  assert.deepEqual(stdout.trimEnd().split('\n').sort(), [
    'log-changes [1] INSERT  {"id":1,"note":"one"}',
    'named  {"id":1,"name":"Alan"}',
    'named  {"id":2,"name":"Ada"}',
    'named  {"id":3,"name":null}'
  ])
})

test('generated rows of a table that changes tell of are changes', () => {
  const changes = write(
    'changes.sql',
    `CREATE SOURCE users FROM KAFKA (topic = 'users', format = 'debezium') SCHEMA (id BIGINT, name TEXT, PRIMARY KEY (id));
CREATE SINK copies TO KAFKA (topic = 'copies') FROM TABLE users;`
  )
  const { status, stdout, stderr } = dev(changes, '--once', '--rows', '5')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^copies .*INSERT {2}\{"id":\d+,"name":/)
  assert.match(stderr, /5 rows in, records out: 5 to copies\n$/)
})

test('tables can be asked at --port, and keep nothing for the next try', async () => {
  const port = await freePort()
  const words = ['dev', joined, '--input', data, '--port', String(port)]
  const child = spawn(join(root, 'compiler/miraclec'), words, {
    stdio: 'ignore',
    env: { ...process.env, XDG_STATE_HOME: join(folder, 'state') }
  })
  const exited = once(child, 'exit')
  try {
    assert.deepEqual(await ask(port, 'SELECT name FROM users ORDER BY id'), [['Ada'], ['Alan']])
  } finally {
    child.kill('SIGINT')
    assert.deepEqual(await exited, [0, null])
  }
  assert.ok(!existsSync(join(folder, 'state')))
})

// All rows would take more than eight minutes.
test('a signal ends it while rows are still to be sent', { timeout: 60_000 }, async t => {
  const words = ['dev', script, '--rate', '2', '--rows', '1000']
  const child = spawn(join(root, 'compiler/miraclec'), words, {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  t.after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  child.stdout.resume()
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
})

/** Rows, as soon as there are some. */
async function ask(port: number, statement: string): Promise<readonly unknown[]> {
  for (let i = 0; i < 600; i++) {
    const request = { method: 'POST', body: statement }
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/sql`, request).catch(() => null)
    const document = (await answer?.json()) as { readonly rows?: readonly unknown[] } | undefined
    if (document?.rows !== undefined && document.rows.length > 0) return document.rows
    await sleep(100)
  }
  assert.fail('no rows')
}

test('generated rows look like the schema and get past the filters of the script', () => {
  using scriptFolder = openScriptFolder(
    Buffer.from(`CREATE SOURCE s FROM KAFKA (topic = 't') SCHEMA (
      order_id BIGINT, customer_id INT, status TEXT, total DECIMAL(10,2), risk DOUBLE, email TEXT,
      city TEXT PATH '$.address.city', created TIMESTAMP, vip BOOLEAN NOT NULL);
    CREATE SINK k TO KAFKA (topic = 'k');
    INSERT INTO k SELECT order_id FROM s WHERE status IN ('paid', 'sent') AND total > 5000;`)
  )
  const rows = generate(scriptFolder.session(true), 400, 7)
  assert.deepEqual(
    rows.map(row => row['order_id']),
    rows.map((_, i) => i + 1)
  )
  const wanted = rows.filter(
    ({ status, total }) => ['paid', 'sent'].includes(String(status)) && Number(total) > 5000
  )
  assert.ok(wanted.length > 40 && wanted.length < 360, `${wanted.length} of 400`)
  assert.ok(rows.every(({ risk }) => risk === null || (Number(risk) >= 0 && Number(risk) <= 1)))
  assert.ok(rows.every(({ email }) => email === null || /@example\.com$/.test(String(email))))
  assert.ok(rows.every(({ vip }) => typeof vip === 'boolean'))
  assert.ok(
    rows.every(({ customer_id }) => Number(customer_id) <= 10),
    'customers come again'
  )
  const cities = rows.map(row => (row['address'] as { readonly city: unknown }).city)
  assert.ok(new Set(cities).size > 2, 'a PATH is nested')
  assert.deepEqual(generate(scriptFolder.session(true), 400, 7), rows)
  assert.notDeepEqual(generate(scriptFolder.session(true), 400, 8), rows)
})

test('generated rows of every type can be read', async () => {
  using scriptFolder = openScriptFolder(
    Buffer.from(`CREATE SOURCE s FROM KAFKA (topic = 's', auto_offset_reset = 'earliest') SCHEMA (
      a BOOLEAN, b SMALLINT, c INT, d BIGINT, e REAL, f DOUBLE, g DECIMAL(10,2), h TEXT, i BYTES, j DATE, k TIME, l TIMESTAMP,
      m TIMESTAMPTZ, n INTERVAL, o JSON, tags TEXT[], grid DOUBLE[][], place ROW(city TEXT, at DATE, counts INT[]), counts MAP<TEXT, INT>, v VECTOR(3));
    CREATE SINK out TO KAFKA (topic = 'out') AS SELECT * FROM s;`)
  )
  const { compiled } = compileFixture(scriptFolder, true)
  const path = join(root, `test/suites/_actual/generated-${randomUUID()}.ts`)
  const pipeline = await loadPipeline(compiled, path)
  rmSync(path)
  const topics = makeMemoryTopics()
  for (const row of generate(scriptFolder.session(true), 300, 3)) {
    const value = Buffer.from(JSON.stringify(row))
    topics.append('s', { key: null, value, timestamp: 0, partition: 0, headers: [] })
  }
  await runPipelineInMemory(pipeline, topics)
  assert.deepEqual(topics.read('s-dlq'), [])
  assert.equal(topics.read('out').length, 300)
})

test('generated events are 10 s apart, so that windows close, and no more than a day together', async () => {
  using scriptFolder = openScriptFolder(
    Buffer.from(`CREATE SOURCE s FROM KAFKA (topic = 't') SCHEMA (id BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);
    CREATE SINK k TO KAFKA (topic = 'k') AS SELECT id FROM s;`)
  )
  const graph = analyzeScript(scriptFolder.session(true))!
  const timesOf = async (count: number, paced: boolean): Promise<number[]> => {
    const times: number[] = []
    for await (const { value } of generateRows(graph, count, 1, paced)) {
      times.push(Date.parse((JSON.parse(value) as { readonly ts: string }).ts))
    }
    return times
  }
  const start = Date.now()
  const few = await timesOf(20, false)
  assert.ok(Math.abs(few.at(-1)! - few[0]! - 190_000) < 5000, String(few))
  assert.ok(few.at(-1)! >= start)
  const many = await timesOf(20_000, false)
  assert.ok(many.at(-1)! - many[0]! < 86_460_000)
  const paced = await timesOf(20, true)
  assert.ok(paced[0]! >= start, 'with --rate they are those of the clock')
})

function generate(session: Session, count: number, seed: number): Record<string, unknown>[] {
  const graph = analyzeScript(session)
  assert.ok(graph !== null, session.diagnostics.map(({ message }) => message).join())
  const [source] = graph.script.sources
  const compared = findComparedValues(graph)
  const random = makeRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const row = generateRow({ source: source!, index, now: 0, random }, compared)
    return JSON.parse(row) as Record<string, unknown>
  })
}

const mistakes: readonly (readonly [words: string[], status: number, says: RegExp])[] = [
  [['nowhere.sql'], 2, /cannot read nowhere\.sql: there is no such file/],
  [[script, '--input', 'nowhere.jsonl'], 2, /cannot read nowhere\.jsonl: there is no such file/],
  [[script, '--input', 'order=rows.jsonl'], 2, /no source "order"; did you mean "orders"\?/],
  [[script, '--input', data], 2, /\/users\.jsonl: the script has no source "users"; it has orders/],
  [
    [joined, '--input', mkdtempSync(join(folder, 'empty-'))],
    2,
    /empty-\w+ has no events\.jsonl or users\.jsonl/
  ],
  [[script, '--rows', 'ten'], 2, /--rows is a whole number from 1 up, not "ten"/],
  [[write('wrong.sql', 'SELECT'), '--once'], 1, /expected an expression/],
  [[write('no-sink.sql', "CREATE SOURCE s FROM KAFKA (topic = 't');")], 1, /feeds no sink/]
]
for (const [words, status, says] of mistakes) {
  test(`dev ${words.map(word => word.replace(`${folder}/`, '')).join(' ')}`, () => {
    const result = dev(...words)
    assert.equal(result.status, status)
    assert.match(result.stderr, says)
    assert.equal(result.stdout, '')
  })
}

/** All processes below one, the nearest first. */
function descendants(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  const children = existsSync(path) ? readFileSync(path, 'utf8').match(/\d+/g) : null
  return (children ?? []).map(Number).flatMap(child => [child, ...descendants(child)])
}

function isRunning(pid: number): boolean {
  // The state follows the name, which is in parentheses; Z: it has ended, and nobody has asked how.
  const path = `/proc/${pid}/stat`
  return existsSync(path) && !/\) Z/.test(readFileSync(path, 'utf8'))
}

test('kill -9 of dev and of run leaves no process behind', { timeout: 120_000 }, async t => {
  const program = join(root, 'compiler/miraclec')
  const dev = spawn(program, ['dev', script], { stdio: ['ignore', 'ignore', 'pipe'] })
  t.after(() => dev.kill('SIGKILL'))
  const brokers = await said(dev.stderr, /embedded broker at (\S+),/)
  await said(dev.stderr, /sent; Ctrl-C/)
  const words = ['run', script, '--brokers', brokers, '--log-level', 'info']
  const run = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  t.after(() => run.kill('SIGKILL'))
  await said(run.stderr, /started/)
  for (const started of [run, dev]) {
    const below = descendants(started.pid!)
    assert.ok(below.length >= 1)
    started.kill('SIGKILL')
    while (below.some(isRunning)) await sleep(20)
  }
})

/** Resolves with the first group of what a stream says. */
async function said(stream: Readable, pattern: RegExp): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: string): void => {
      text += chunk
      const match = pattern.exec(text)
      if (match === null) return
      stream.off('data', read)
      resolve(match[1] ?? '')
    }
    stream.setEncoding('utf8').on('data', read)
    stream.once('end', () => reject(new Error(`never said ${pattern}: ${text}`)))
  })
}
