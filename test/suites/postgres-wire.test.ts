import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { LOCAL } from '../../runtime/access/listen.ts'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import {
  askWireValue,
  cstring,
  int16,
  int32,
  RawClient,
  reportFields,
  type WireValue
} from '../support/postgres/raw-client.ts'

let asked: AskedPipeline

before(async () => {
  asked = await startAskedPipeline(
    'postgres-wire',
    `SET commit_interval = '50 ms';
CREATE TABLE orders (id BIGINT, who TEXT DEFAULT 'nobody', amount DECIMAL(20, 2), x DOUBLE, paid BOOLEAN, day DATE,
                     at TIMESTAMPTZ, tags TEXT[], doc JSON, raw BYTES, PRIMARY KEY (id));
CREATE SINK changes TO KAFKA (topic = 'changes') FROM TABLE orders;`,
    makeMemoryTopics()
  )
})
after(() => asked.stop())

async function withClient(
  work: (client: pg.Client) => Promise<void>,
  { user = 'admin', password = 'secret' }: { user?: string; password?: string } = {}
): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port: asked.pgPort, user, password })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function failure(work: Promise<unknown>): Promise<pg.DatabaseError> {
  const error = await work.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof pg.DatabaseError, String(error))
  return error
}

test('values look as PostgreSQL sends them, as text and in binary', async () => {
  const path = join(import.meta.dirname, '../fixtures/postgres/wire-values.json')
  const expected = JSON.parse(readFileSync(path, 'utf8')) as Record<string, WireValue>
  const client = await RawClient.open(asked.pgPort)
  const given: Record<string, WireValue> = {}
  for (const sql of Object.keys(expected)) {
    const own = sql.replace('BYTEA', 'BYTES').replace('DOUBLE PRECISION', 'DOUBLE')
    given[sql] = await askWireValue(client, `SELECT ${own}`)
  }
  client.close()
  assert.ok(Object.keys(given).length > 50)
  assert.deepEqual(given, expected)
})

test('types that PostgreSQL has not: a map is JSON, a vector an array', async () => {
  const client = await RawClient.open(asked.pgPort)
  const map = await askWireValue(client, `SELECT CAST('{"a": 1, "b": null}' AS MAP<TEXT, INT>)`)
  assert.deepEqual([map.oid, map.text], [114, '{"a":1,"b":null}'])
  const vector = await askWireValue(client, `SELECT CAST('[1, 2.5]' AS VECTOR(2))`)
  assert.deepEqual([vector.oid, vector.text], [1022, '{1,2.5}'])
  const ragged = await client.ask('SELECT ARRAY[ARRAY[1], ARRAY[2, 3]]', 1)
  assert.equal(reportFields(ragged.find(({ type }) => type === 'E')!)['C'], '2202E')
  client.close()
})

test('a driver asks and changes, with parameters of all types', () =>
  withClient(async client => {
    const day = new Date('2026-01-02T03:04:05.678Z')
    const values = ['9007199254740993', "Zoë'; --", '12.50', 0.1, true, '2026-01-02', day]
    const more = [['a', 'b"c', null], { k: [1] }, Buffer.from([0, 255])]
    const insert = await client.query(
      'INSERT INTO orders (id, who, amount, x, paid, day, at, tags, doc, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [...values, ...more]
    )
    assert.deepEqual([insert.command, insert.rowCount], ['INSERT', 1])
    const { rows } = await client.query('SELECT * FROM orders WHERE id = $1 AND x < $2 LIMIT $3', [
      '9007199254740993',
      1,
      5
    ])
    assert.deepEqual(rows, [
      {
        id: '9007199254740993',
        who: "Zoë'; --",
        amount: '12.50',
        x: 0.1,
        paid: true,
        day: new Date(2026, 0, 2),
        at: day,
        tags: ['a', 'b"c', null],
        doc: { k: [1] },
        raw: Buffer.from([0, 255])
      }
    ])
    const update = await client.query(
      'UPDATE orders SET amount = amount + $1, who = NULL WHERE id = $2',
      ['1', rows[0]!.id]
    )
    assert.deepEqual([update.command, update.rowCount], ['UPDATE', 1])
    const one = await client.query('SELECT amount, who FROM orders WHERE amount IN ($1, $2)', [
      '13.5',
      null
    ])
    assert.deepEqual(one.rows, [{ amount: '13.50', who: null }])
    assert.equal((await client.query('DELETE FROM orders')).rowCount, 1)
  }))

test('a prepared statement is used again, and its parameters have the types that the statement gives them', () =>
  withClient(async client => {
    for (const id of [1, 2, 3]) {
      await client.query({
        name: 'add',
        text: 'INSERT INTO orders (id, x) VALUES ($1, $2)',
        values: [id, id / 2]
      })
    }
    const { rows } = await client.query({
      text: 'SELECT sum(x) AS total, count(*) AS n FROM orders',
      rowMode: 'array'
    })
    assert.deepEqual(rows, [[3, '3']])
    const raw = await RawClient.open(asked.pgPort)
    const text =
      'SELECT id FROM orders WHERE day BETWEEN $1 AND $2 AND x > $4 AND who = $3 AND $5 LIMIT $6'
    raw.send('P', cstring('s'), cstring(text), int16(0))
    raw.send('D', Buffer.from('S'), cstring('s'))
    raw.send('S')
    const described = (await raw.untilReady()).find(({ type }) => type === 't')!
    const oids = Array.from({ length: described.body.readInt16BE(0) }, (_, i) =>
      described.body.readInt32BE(2 + 4 * i)
    )
    assert.deepEqual(oids, [1082, 1082, 25, 701, 16, 20])
    raw.close()
    await client.query('DELETE FROM orders')
  }))

test('binary parameters, by the types that were declared or inferred', async () => {
  const raw = await RawClient.open(asked.pgPort)
  const numeric = Buffer.from('0003000140000003' + '0001' + '0929' + '1388', 'hex')
  const array = Buffer.concat([
    int32(1),
    int32(0),
    int32(23),
    int32(2),
    int32(1),
    int32(4),
    int32(7),
    int32(4),
    int32(-8)
  ])
  const cases: readonly (readonly [sql: string, oid: number, value: Buffer, text: string])[] = [
    ['CAST($1 AS INT) + 1', 0, int32(-5), '-4'],
    ['$1', 20, Buffer.from('0020000000000001', 'hex'), '9007199254740993'],
    ['$1', 16, Buffer.of(1), 't'],
    ['$1', 701, Buffer.from('3fb999999999999a', 'hex'), '0.1'],
    ['$1', 1700, numeric, '-12345.500'],
    ['$1', 1082, int32(-10_957), '1970-01-01'],
    ['$1', 1114, Buffer.from('ffffffffffffffff', 'hex'), '1999-12-31 23:59:59.999'],
    ['$1', 1184, Buffer.from('00000000000003e8', 'hex'), '2000-01-01 00:00:00.001+00'],
    ['$1', 1083, Buffer.from('00000000000f4240', 'hex'), '00:00:01'],
    [
      '$1',
      1186,
      Buffer.concat([Buffer.from('00000000000f4240', 'hex'), int32(2), int32(14)]),
      '1 year 2 mons 2 days 00:00:01'
    ],
    ['$1', 17, Buffer.of(0, 39, 92), '\\x00275c'],
    ['$1', 3802, Buffer.from('\u0001{"a":1}'), '{"a":1}'],
    ['$1', 2950, Buffer.alloc(16, 0xab), 'abababab-abab-abab-abab-abababababab'],
    ['$1', 1007, array, '{7,-8}'],
    ['$1', 25, Buffer.from("it's"), "it's"]
  ]
  for (const [sql, oid, value, text] of cases) {
    raw.send('P', cstring(''), cstring(`SELECT ${sql}`), int16(1), int32(oid))
    raw.send(
      'B',
      cstring(''),
      cstring(''),
      int16(1),
      int16(1),
      int16(1),
      int32(value.length),
      value,
      int16(0)
    )
    raw.send('E', cstring(''), int32(0))
    raw.send('S')
    const messages = await raw.untilReady()
    const row = messages.find(({ type }) => type === 'D')
    assert.equal(
      row?.body.subarray(6).toString(),
      text,
      `${sql} of ${oid}: ${messages.map(m => m.body.toString()).join()}`
    )
  }
  raw.close()
})

test('a portal gives as many rows as are asked for', async () => {
  const raw = await RawClient.open(asked.pgPort)
  raw.send('P', cstring(''), cstring('SELECT * FROM UNNEST(ARRAY[1, 2, 3]) AS t(n)'), int16(0))
  raw.send('B', cstring('p'), cstring(''), int16(0), int16(0), int16(0))
  for (let i = 0; i < 2; i++) raw.send('E', cstring('p'), int32(2))
  raw.send('E', cstring('p'), int32(0))
  raw.send('S')
  const types = (await raw.untilReady()).map(({ type }) => type).join('')
  assert.equal(types, '12DDsDCCZ')
  raw.send('E', cstring('p'), int32(0))
  raw.send('S')
  const [error] = await raw.untilReady()
  assert.equal(reportFields(error!)['C'], '34000')
  raw.close()
})

/** All that can be asked of a cursor of the numbers from 1 to 5, one after the other, and what PostgreSQL answers. */
const steps: readonly (readonly [step: string, rows: readonly number[]])[] = [
  ['FETCH c', [1]],
  ['FETCH NEXT FROM c', [2]],
  ['FETCH 0 FROM c', [2]],
  ['FETCH PRIOR IN c', [1]],
  ['FETCH BACKWARD 3 c', []],
  ['FETCH FORWARD 2 FROM c', [1, 2]],
  ['FETCH RELATIVE 2 FROM c', [4]],
  ['FETCH 7 FROM c', [5]],
  ['FETCH 1 FROM c', []],
  ['FETCH -2 FROM c', [5, 4]],
  ['FETCH ABSOLUTE 2 FROM c', [2]],
  ['FETCH ABSOLUTE -2 FROM c', [4]],
  ['FETCH LAST FROM c', [5]],
  ['FETCH ALL FROM c', []],
  ['FETCH BACKWARD ALL FROM c', [5, 4, 3, 2, 1]],
  ['FETCH FIRST FROM c', [1]],
  ['FETCH FORWARD ALL FROM c', [2, 3, 4, 5]],
  ['FETCH RELATIVE -9 FROM c', []],
  ['FETCH ABSOLUTE 0 FROM c', []],
  ['FETCH ABSOLUTE 6 FROM c', []]
]
const FIVE = 'SELECT n FROM UNNEST(ARRAY[1, 2, 3, 4, 5]) AS u(n) ORDER BY n'

test('a cursor goes where FETCH and MOVE say', () =>
  withClient(async client => {
    await client.query('BEGIN')
    await client.query(`DECLARE c SCROLL CURSOR FOR ${FIVE}`)
    for (const [step, expected] of steps) {
      const { rows, command } = await client.query<{ n: number }>(step)
      assert.deepEqual([command, rows.map(({ n }) => n)], ['FETCH', expected], step)
    }
    await client.query('MOVE ABSOLUTE 3 IN c')
    // Described before it runs: it goes on by one row, not by two.
    const prepared = { text: 'FETCH c', name: 'next' }
    assert.deepEqual((await client.query(prepared)).rows, [{ n: 4 }])
    assert.deepEqual((await client.query(prepared)).rows, [{ n: 5 }])
    await client.query('CLOSE c')
    assert.equal((await failure(client.query('FETCH c'))).code, '34000')
    await client.query('ROLLBACK')
  }))

test('a cursor lives as long as its transaction, or as its connection', () =>
  withClient(async client => {
    await client.query('BEGIN')
    await client.query('DECLARE "Odd ""one" NO SCROLL CURSOR FOR SELECT $1::int AS n', [7])
    await client.query(`DECLARE held CURSOR WITH HOLD FOR ${FIVE}`)
    assert.deepEqual((await client.query('FETCH ALL FROM "Odd ""one"')).rows, [{ n: 7 }])
    const back = await failure(client.query('FETCH PRIOR FROM "Odd ""one"'))
    assert.equal(back.code, '55000')
    await client.query('ROLLBACK')
    assert.equal((await failure(client.query('FETCH "Odd ""one"'))).code, '34000')
    assert.deepEqual((await client.query('FETCH 2 FROM HELD')).rows, [{ n: 1 }, { n: 2 }])
    const twice = await failure(client.query('DECLARE held CURSOR WITH HOLD FOR SELECT 1'))
    assert.equal(twice.code, '42P03')
    await client.query('CLOSE ALL')
    assert.equal((await failure(client.query('FETCH held'))).code, '34000')
    const wrong = await failure(
      client.query("DECLARE c CURSOR WITH HOLD FOR SELECT 'é', idd FROM orders")
    )
    assert.deepEqual([wrong.code, wrong.position], ['42703', '44'])
  }))

/** What comes back of a COPY: its data, and the tag that it ends with. */
async function copied(
  sql: string
): Promise<{ readonly data: Buffer; readonly messages: number; readonly tag: string }> {
  const raw = await RawClient.open(asked.pgPort)
  raw.send('Q', cstring(sql))
  const messages = await raw.untilReady()
  raw.close()
  const error = messages.find(({ type }) => type === 'E')
  if (error !== undefined) assert.fail(reportFields(error)['M'])
  assert.deepEqual(
    messages.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]),
    ['H', 'd', 'c', 'C', 'Z']
  )
  const parts = messages.filter(({ type }) => type === 'd').map(({ body }) => body)
  const data = Buffer.concat(parts)
  const tag = messages.find(({ type }) => type === 'C')!.body.toString()
  return { data, messages: parts.length, tag: tag.slice(0, -1) }
}

const ODD = String.raw`SELECT id, t AS "Te,xt", ok FROM (VALUES (1, E'a\tb\nc\\d', true), (2, 'x,"y"', NULL), (3, '', false)) AS v(id, t, ok)`

test('COPY TO STDOUT writes text, CSV and binary as PostgreSQL does', async () => {
  const cases: Readonly<Record<string, string>> = {
    '': '1\ta\\tb\\nc\\\\d\tt\n2\tx,"y"\t\\N\n3\t\tf\n',
    "(DELIMITER ',', NULL 'nil')": '1,a\\tb\\nc\\\\d,t\n2,x\\,"y",nil\n3,,f\n',
    'CSV HEADER': 'id,"Te,xt",ok\n1,"a\tb\nc\\d",t\n2,"x,""y""",\n3,"",f\n',
    "WITH (FORMAT csv, DELIMITER E'\\t', QUOTE '''', FORCE_QUOTE *, HEADER false)":
      "'1'\t'a\tb\nc\\d'\t't'\n'2'\t'x,\"y\"'\t\n'3'\t''\t'f'\n"
  }
  for (const [options, expected] of Object.entries(cases)) {
    const { data, tag } = await copied(`COPY (${ODD}) TO STDOUT ${options}`)
    assert.equal(data.toString(), expected, options)
    assert.equal(tag, 'COPY 3')
  }
  const { data, messages } = await copied(
    'COPY (SELECT 1::int, NULL::text) TO STDOUT (FORMAT binary)'
  )
  const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1').toString('hex')
  assert.equal(
    data.toString('hex'),
    `${signature}${'00'.repeat(8)}0002${'00000004'}${'00000001'}${'ffffffff'}ffff`
  )
  // The head is with the first row: psycopg looks for it there.
  assert.equal(messages, 2)
  const table = await copied('COPY system.tables (table_name) TO STDOUT')
  assert.equal(table.data.toString(), 'orders\n')
})

test('an error has a code, a position in characters and a hint, also behind parameters', () =>
  withClient(async client => {
    const missing = await failure(client.query("SELECT '😀', idd FROM orders"))
    assert.deepEqual(
      [missing.code, missing.position, missing.hint],
      ['42703', '13', 'Did you mean "id"?']
    )
    const behind = await failure(
      client.query('SELECT $1, $2, idd FROM orders', ['a long value', 'x'])
    )
    assert.deepEqual([behind.code, behind.position], ['42703', '16'])
    const second = await failure(client.query('SELECT 1; SELECT * FROM nowhere'))
    assert.deepEqual([second.code, second.position], ['42P01', '25'])
    const codes: Readonly<Record<string, string>> = {
      'SELECT 1 / 0': '22012',
      SELEC: '42601',
      'SELECT nofunction(1)': '42883',
      "SELECT CAST('x' AS INT)": '22P02',
      'INSERT INTO orders (id) VALUES (1), (1)': '23505',
      'INSERT INTO orders (who) VALUES (1)': '23502',
      'CREATE TABLE t (id INT)': '0A000',
      'DROP TABLE orders': '0A000',
      'COPY orders FROM STDIN': '0A000',
      "COPY orders TO '/tmp/x'": '0A000',
      'COPY (DELETE FROM orders) TO STDOUT': '0A000',
      'FETCH 1 FROM nobody': '34000',
      'CLOSE nobody': '34000',
      'DECLARE c CURSOR FOR SELECT 1': '25P01',
      'DECLARE c CURSOR WITH HOLD FOR DELETE FROM orders': '0A000',
      'DECLARE c BINARY CURSOR FOR SELECT 1': '0A000',
      'SET nothing = 1': '42704',
      "SET client_encoding = 'LATIN1'": '22023'
    }
    for (const [sql, code] of Object.entries(codes)) {
      assert.equal((await failure(client.query(sql))).code, code, sql)
    }
    const type = await failure(client.query('SELECT id FROM orders WHERE id = $1', ['x']))
    assert.equal(type.code, '22P02')
    assert.deepEqual((await client.query('SELECT 1 AS one')).rows, [{ one: 1 }])
  }))

/** What drivers and tools ask when they connect, word for word, and what lets them go on. */
const greetings: readonly (readonly [who: string, sql: string, rows: readonly object[]])[] = [
  [
    'psycopg 3 of SQLAlchemy',
    'SELECT typname AS name, oid, typarray AS array_oid, oid::regtype::text AS regtype, typdelim AS delimiter FROM pg_type t WHERE t.oid = to_regtype($1) ORDER BY t.oid',
    []
  ],
  [
    'psycopg 2 of SQLAlchemy',
    'SELECT t.oid, typarray FROM pg_type t JOIN pg_namespace ns ON typnamespace = ns.oid WHERE typname = $1',
    []
  ],
  [
    'SQLAlchemy, pandas',
    "SELECT pg_catalog.pg_class.relname \nFROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace \nWHERE pg_catalog.pg_class.relname = $1::VARCHAR AND pg_catalog.pg_class.relkind = ANY (ARRAY['r'::VARCHAR, 'p'::VARCHAR, 'f'::VARCHAR, 'v'::VARCHAR, 'm'::VARCHAR]) AND pg_catalog.pg_table_is_visible(pg_catalog.pg_class.oid) AND pg_catalog.pg_namespace.nspname != 'pg_catalog'::VARCHAR",
    [{ relname: 'orders' }]
  ],
  [
    'whoever looks for the types that are there',
    "SELECT typname, oid, typarray FROM pg_type WHERE typname IN ('int8', 'json', $1)",
    [
      { typname: 'int8', oid: 20, typarray: 1016 },
      { typname: 'json', oid: 114, typarray: 199 }
    ]
  ]
]
for (const [who, sql, rows] of greetings) {
  test(`what ${who} asks for`, () =>
    withClient(async client => {
      const value = who.includes('pandas') ? 'orders' : 'hstore'
      assert.deepEqual((await client.query({ text: sql, values: [value], name: who })).rows, rows)
      // With a type that is declared, as JDBC does, and described before there is a value, as Go does.
      const raw = await RawClient.open(asked.pgPort)
      raw.send('P', cstring(''), cstring(sql), int16(1), int32(1043))
      raw.send('D', Buffer.from('S'), cstring(''))
      raw.send('S')
      assert.ok((await raw.untilReady()).some(({ type }) => type === 'T'))
      raw.close()
    }))
}

test('an encoding in any spelling of PostgreSQL: asyncpg puts it in quotes', async () => {
  for (const [encoding, answer] of [
    ["'utf-8'", 'Z'],
    ['UTF_8', 'Z'],
    ['SQL_ASCII', 'Z'],
    ['latin1', 'E']
  ] as const) {
    const raw = await RawClient.connect(asked.pgPort)
    raw.start({ user: 'reader', client_encoding: encoding })
    assert.equal((await raw.untilReady()).at(-1)!.type, answer, encoding)
    raw.close()
  }
})

test('changes of one message are made together, or none is', () =>
  withClient(async client => {
    const results = (await client.query(
      'INSERT INTO orders (id) VALUES (1), (2); UPDATE orders SET x = 1; DELETE FROM orders WHERE id = 2; SELECT id FROM orders'
    )) as unknown as pg.QueryResult[]
    assert.deepEqual(
      results.map(({ command, rowCount }) => [command, rowCount]),
      [
        ['INSERT', 2],
        ['UPDATE', 2],
        ['DELETE', 1],
        ['SELECT', 1]
      ]
    )
    const refused = await failure(
      client.query('DELETE FROM orders; INSERT INTO orders (id) VALUES (3), (3)')
    )
    assert.equal(refused.code, '23505')
    assert.equal((await client.query('SELECT id FROM orders')).rowCount, 1)
    await client.query('DELETE FROM orders')
  }))

test('a transaction holds questions; a change in it is refused before it is made', () =>
  withClient(async client => {
    await client.query('BEGIN')
    assert.equal((await client.query('SELECT count(*) FROM orders')).rowCount, 1)
    const change = await failure(client.query('INSERT INTO orders (id) VALUES (5)'))
    assert.equal(change.code, '0A000')
    assert.match(change.hint!, /autocommit/)
    assert.equal((await failure(client.query('SELECT 1'))).code, '25P02')
    assert.equal((await client.query('COMMIT')).command, 'ROLLBACK')
    assert.equal((await client.query('SELECT count(*)::int AS n FROM orders')).rows[0].n, 0)
    const notices: string[] = []
    client.on('notice', ({ message }) => notices.push(message!))
    await client.query('ROLLBACK')
    await client.query("SET TimeZone = 'Europe/Berlin'")
    assert.deepEqual(notices, [
      'there is no transaction in progress',
      'TimeZone is UTC here, whatever is set'
    ])
    assert.equal((await client.query('SHOW TimeZone')).rows[0].timezone, 'UTC')
  }))

describe('who may do what', () => {
  test('who gives no token only asks', () =>
    withClient(
      async client => {
        assert.equal((await client.query('SELECT 1')).rowCount, 1)
        for (const sql of [
          'INSERT INTO orders (id) VALUES (1)',
          'DROP SINK changes',
          'DELETE FROM orders; DELETE FROM orders'
        ]) {
          const error = await failure(client.query(sql))
          assert.deepEqual(
            [error.code, error.hint],
            ['42501', 'Connect as user admin: its password is the token.']
          )
        }
      },
      { user: 'reader' }
    ))

  test('a wrong token is refused', async () => {
    const error = await failure(withClient(async () => {}, { password: 'secreT' }))
    assert.deepEqual([error.code, error.severity], ['28P01', 'FATAL'])
  })

  test('beyond this machine everybody needs the token', async () => {
    const open = await startAskedPipeline(
      'postgres-listening',
      'CREATE TABLE t (id INT PRIMARY KEY);',
      makeMemoryTopics(),
      'secret',
      { listening: { ...LOCAL, isLocal: false } }
    )
    const options = { host: '127.0.0.1', port: open.pgPort, password: 'secret' }
    const reader = new pg.Client({ ...options, user: 'reader' })
    assert.equal((await failure(reader.connect())).code, '28000')
    const admin = new pg.Client({ ...options, user: 'admin' })
    await admin.connect()
    assert.equal((await admin.query('SELECT 1')).rowCount, 1)
    await admin.end()
    await open.stop()
  })
})

test('parameters and values of the catalogue have types, in both formats', async () => {
  const raw = await RawClient.open(asked.pgPort)
  const sql =
    'SELECT oid, typname, typlen, typnotnull, ARRAY[typlen] FROM pg_type WHERE oid = ANY ($1::oid[]) AND typlen = $2 AND typname = $3'
  raw.send('P', cstring('s'), cstring(sql), int16(0))
  raw.send('D', Buffer.from('S'), cstring('s'))
  raw.send('S')
  const described = await raw.untilReady()
  const told = described.find(({ type }) => type === 't')!.body
  assert.deepEqual(
    [told.readInt16BE(0), told.readInt32BE(2), told.readInt32BE(6), told.readInt32BE(10)],
    [3, 1028, 21, 19]
  )
  const list = Buffer.concat([
    int32(1),
    int32(0),
    int32(26),
    int32(1),
    int32(1),
    int32(4),
    int32(16)
  ])
  const bound = (bytes: Buffer): Buffer => Buffer.concat([int32(bytes.length), bytes])
  const values = [list, int16(1), Buffer.from('bool')].map(bound)
  raw.send(
    'B',
    ...[cstring(''), cstring('s'), int16(1), int16(1), int16(3), ...values, int16(1), int16(1)]
  )
  raw.send('E', cstring(''), int32(0))
  raw.send('S')
  const row = (await raw.untilReady()).find(({ type }) => type === 'D')!.body
  const array = [int32(1), int32(0), int32(21), int32(1), int32(1), int32(2), int16(1)]
  const expected = [int32(16), Buffer.from('bool'), int16(1), Buffer.of(0), Buffer.concat(array)]
  assert.equal(
    row.toString('hex'),
    Buffer.concat([int16(5), ...expected.map(bound)]).toString('hex')
  )
  raw.close()
})

test('a statement for an unknown catalogue is refused, not guessed at', () =>
  withClient(async client => {
    const error = await failure(
      client.query('SELECT typname FROM pg_catalog.pg_nothing t WHERE t.oid = 16')
    )
    assert.equal(error.code, '0A000')
    const facts = await client.query('SELECT current_database(), current_user AS me, version()')
    assert.deepEqual(Object.values(facts.rows[0]).slice(0, 2), ['postgres-wire', 'admin'])
  }))

test('a client that wants to stop a long answer does', async () => {
  const raw = await RawClient.connect(asked.pgPort)
  raw.start({ user: 'reader' })
  const key = (await raw.untilReady()).find(({ type }) => type === 'K')!.body
  const n = 'UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10])'
  raw.send(
    'Q',
    cstring(`SELECT repeat('x', 20000) FROM ${n} AS a(i), ${n} AS b(i), ${n} AS c(i), ${n} AS d(i)`)
  )
  await raw.message()
  raw.socket.pause()
  const other = await RawClient.connect(asked.pgPort)
  other.socket.end(Buffer.concat([int32(16), int32(80_877_102), key]))
  assert.equal(await other.message(), null)
  raw.socket.resume()
  const messages = await raw.untilReady()
  assert.equal(reportFields(messages.at(-2)!)['C'], '57014')
  assert.ok(messages.length < 10_000)
  raw.close()
})
