import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import { describeWithPsql, runPsql } from '../support/postgres/psql.ts'

describeWithPsql('psql', () => {
  let asked: AskedPipeline

  before(async () => {
    asked = await startAskedPipeline(
      'psql',
      `SET commit_interval = '50 ms';
CREATE TABLE orders (id BIGINT, who TEXT, amount DECIMAL(20, 2), at TIMESTAMP, PRIMARY KEY (id));
CREATE TABLE "Odd ""name" (a INT NOT NULL, b TEXT[], c ROW(x INT), PRIMARY KEY (a, b));
CREATE SINK changes TO KAFKA (topic = 'changes') FROM TABLE orders;`,
      makeMemoryTopics()
    )
    const made = await asked.post(
      "INSERT INTO orders VALUES (1, 'Zoë', 1.5, TIMESTAMP '2026-01-02 03:04:05'), (2, NULL, NULL, NULL)"
    )
    assert.equal(made.status, 200, made.text)
  })
  after(() => asked.stop())

  async function psql(...words: string[]): Promise<string> {
    const { status, stdout, stderr } = await runPsql(asked.pgPort, words)
    assert.equal(status, 0, stderr)
    return stdout
  }

  async function refused(...words: string[]): Promise<string> {
    const { status, stderr } = await runPsql(asked.pgPort, words)
    assert.notEqual(status, 0)
    return stderr
  }

  test('rows, as a table and in lines', async () => {
    assert.equal(
      await psql('-c', 'SELECT * FROM orders ORDER BY id'),
      ` id | who | amount |         at          
----+-----+--------+---------------------
  1 | Zoë |   1.50 | 2026-01-02 03:04:05
  2 |     |        | 
(2 rows)

`
    )
    assert.equal(
      await psql('-c', '\\x', '-c', 'SELECT id, who FROM orders WHERE id = 1'),
      `Expanded display is on.
-[ RECORD 1 ]
id  | 1
who | Zoë

`
    )
    assert.equal(
      await psql('--csv', '-c', 'SELECT id, amount FROM orders'),
      'id,amount\n1,1.50\n2,\n'
    )
    assert.equal(
      await psql('-At', '-c', 'SHOW TABLES; SELECT count(*) FROM system.tables'),
      'orders\nOdd "name\n2\n'
    )
  })

  test('rows in portions, and as files', async () => {
    assert.equal(
      await psql('-At', '-v', 'FETCH_COUNT=1', '-c', 'SELECT id, who FROM orders ORDER BY id'),
      '1|Zoë\n2|\n'
    )
    assert.equal(
      await psql('-c', '\\copy (SELECT id, who FROM orders ORDER BY id) TO STDOUT CSV HEADER'),
      'id,who\n1,Zoë\n2,\n'
    )
    assert.equal(await psql('-c', '\\copy "Odd ""name" (a, b) TO STDOUT'), '')
  })

  test('what there is', async () => {
    assert.equal(
      await psql('-c', '\\d'),
      `         List of relations
 Schema |   Name    | Type  | Owner 
--------+-----------+-------+-------
 public | Odd "name | table | admin
 public | orders    | table | admin
(2 rows)

`
    )
    assert.equal(
      await psql('-At', '-c', '\\dt system.*'),
      ['kafka_consumer_offsets', 'kafka_sinks', 'kafka_sources', 'models', 'operators', 'tables']
        .map(name => `system|${name}|table|admin\n`)
        .join('')
    )
    assert.equal(
      await psql('-c', '\\dt ord*'),
      `        List of relations
 Schema |  Name  | Type  | Owner 
--------+--------+-------+-------
 public | orders | table | admin
(1 row)

`
    )
    assert.equal(
      await psql('-At', '-c', '\\dt public.*'),
      'public|Odd "name|table|admin\npublic|orders|table|admin\n'
    )
    assert.equal(await psql('-At', '-c', '\\dn'), 'public|admin\nsystem|admin\n')
    assert.equal(await psql('-At', '-c', '\\l'), 'psql|admin|UTF8|C|C||libc|\n')
    assert.equal(await psql('-At', '-c', '\\du'), 'admin||{}\n')
    assert.equal(
      await psql('-At', '-c', '\\di'),
      'public|Odd "name_pkey|index|admin|Odd "name\npublic|orders_pkey|index|admin|orders\n'
    )
    for (const command of ['\\dv', '\\dm', '\\ds', '\\dE']) {
      const { stdout, stderr } = await runPsql(asked.pgPort, ['-c', command])
      assert.match(stdout + stderr, /Did not find any relations/, command)
    }
    for (const command of [
      '\\df',
      '\\dT',
      '\\dx',
      '\\dp',
      '\\db',
      '\\dC',
      '\\dL',
      '\\do',
      '\\dO',
      '\\dA',
      '\\dX',
      '\\dy',
      '\\ddp',
      '\\dconfig',
      '\\dRp',
      '\\dFd',
      '\\dt+',
      '\\l+',
      '\\dn+',
      '\\du+',
      '\\d+ orders'
    ]) {
      await psql('-c', command)
    }
    assert.match(await psql('-c', '\\conninfo'), /as user "reader"/)
  })

  test('a table', async () => {
    assert.equal(
      await psql('-c', '\\d orders'),
      `                         Table "public.orders"
 Column |            Type             | Collation | Nullable | Default 
--------+-----------------------------+-----------+----------+---------
 id     | bigint                      |           | not null | 
 who    | text                        |           |          | 
 amount | numeric(20,2)               |           |          | 
 at     | timestamp without time zone |           |          | 
Indexes:
    "orders_pkey" PRIMARY KEY, hash (id)

`
    )
    assert.equal(
      await psql('-At', '-c', '\\d "Odd ""name"'),
      'a|integer||not null|\nb|text[]||not null|\nc|record|||\n'.replace(
        '"Odd ""name_pkey"',
        '"Odd "name_pkey"'
      )
    )
    assert.match(await psql('-c', '\\d system.kafka_sinks'), /messages_sent \| bigint/)
    const missing = await runPsql(asked.pgPort, ['-c', '\\d nosuch'])
    assert.match(missing.stderr, /Did not find any relation named "nosuch"/)
  })

  test('the standard tables about tables', async () => {
    const ask = (sql: string) => psql('-At', '-c', sql)
    assert.equal(
      await ask(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
      ),
      'Odd "name|BASE TABLE\norders|BASE TABLE\n'
    )
    assert.equal(
      await ask(
        `SELECT c.ordinal_position, c.column_name AS name, c.data_type, c.is_nullable FROM information_schema.columns c
WHERE c.table_schema NOT IN ('system', 'pg_catalog') AND c.table_name <> 'orders' ORDER BY c.table_name, c.ordinal_position`
      ),
      '1|a|integer|NO\n2|b|ARRAY|NO\n3|c|record|YES\n'
    )
    assert.equal(
      await ask("SELECT * FROM information_schema.tables WHERE table_name = 'orders'"),
      'psql|public|orders|BASE TABLE||||||YES|NO|\n'
    )
    assert.equal(
      await ask(
        'SELECT table_schema, count(*) FROM information_schema.tables GROUP BY 1 ORDER BY 2 DESC LIMIT 2'
      ),
      'system|6\npublic|2\n'
    )
    assert.equal(
      await refused('-c', "SELECT table_name FROM information_schema.tables WHERE owner = 'x'"),
      'ERROR:  column "owner" does not exist\n'
    )
    for (const [sql, why] of [
      ['SELECT 1 FROM information_schema.nothing', /reads information_schema\.nothing/],
      ['SELECT pg_nothing(oid) FROM pg_class', /there is no function pg_nothing/],
      ['SELECT o.id FROM pg_class c, orders o', /it reads orders/]
    ] as const) {
      assert.match(await refused('-c', sql), why)
    }
  })

  test('errors point into the statement and say what to do', async () => {
    assert.equal(
      await refused('-c', "SELECT 'é', whom FROM orders"),
      `ERROR:  no column is called "whom"
LINE 1: SELECT 'é', whom FROM orders
                    ^
HINT:  Did you mean "who"?
`
    )
    assert.match(
      await refused('-c', 'COPY orders FROM STDIN'),
      /COPY FROM is not answered here\nHINT:  Write with INSERT/
    )
    assert.match(
      await refused('-v', 'VERBOSITY=verbose', '-c', 'SELECT 1 / 0'),
      /ERROR:  22012: division by zero\nLOCATION:  division-by-zero/
    )
    assert.match(
      await refused('-c', 'SELECT * FROM pg_catalog.pg_nothing'),
      /SHOW TABLES, DESCRIBE <table>/
    )
  })

  test('who has the token changes tables', async () => {
    const admin = { PGUSER: 'admin', PGPASSWORD: 'secret' }
    const insert = await runPsql(
      asked.pgPort,
      ['-c', 'INSERT INTO orders (id) VALUES (8), (9)'],
      admin
    )
    assert.deepEqual(insert, { status: 0, stdout: 'INSERT 0 2\n', stderr: '' })
    const script =
      "UPDATE orders SET who = 'c' WHERE id > 7;\nDELETE FROM orders WHERE who = 'c';\nDROP SINK IF EXISTS nobody;\n"
    const file = await runPsql(asked.pgPort, ['-v', 'ON_ERROR_STOP=1'], admin, script)
    assert.deepEqual(file, {
      status: 0,
      stdout: 'UPDATE 2\nDELETE 2\nDROP SINK\n',
      stderr: 'NOTICE:  no sink is called "nobody"\n'
    })
    assert.match(
      await refused('-c', 'INSERT INTO orders (id) VALUES (8)'),
      /needs the token.*\nHINT:  Connect as user admin/
    )
    const wrong = await runPsql(asked.pgPort, ['-c', 'SELECT 1'], { ...admin, PGPASSWORD: 'no' })
    assert.match(wrong.stderr, /password authentication failed for user "admin"/)
    assert.equal(wrong.status, 2)
  })
})
