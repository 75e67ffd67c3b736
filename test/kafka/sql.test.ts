import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const orders = compileExecutable(
  'orders',
  `SET commit_interval = '100 ms';
CREATE TABLE orders (id BIGINT PRIMARY KEY, status TEXT);
CREATE SOURCE events FROM KAFKA (topic = 'sql-events', group_id = 'sql', auto_offset_reset = 'earliest') SCHEMA (id INT);
CREATE SINK changes TO KAFKA (topic = 'sql-changes', linger_ms = 1) FROM TABLE orders;
CREATE SINK copies TO KAFKA (topic = 'sql-copies', linger_ms = 1);
INSERT INTO copies SELECT id FROM events;`
)
after(() => orders.remove())

const token = { MIRACLEC_TOKEN: 'a-token-of-tests' }

async function portOf(pipeline: RunningPipeline): Promise<string> {
  const { metrics } = await pipeline.logged('started')
  return new URL(String(metrics)).port
}

describeOnKafka('SQL on a running pipeline', ({ client, broker }) => {
  test('a change that is answered is in the sink and survives kill -9; ALTER rewinds; DROP stops', async () => {
    await client().createTopic('sql-events', 2)
    await client().createTopic('sql-changes', 1)
    await client().createTopic('sql-copies', 1)
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(orders, words, token).ready()
    let port = await portOf(first)
    const sql = (statement: string, ...more: string[]) =>
      spawnSync(orders.path, ['sql', statement, '--port', port, ...more], {
        env: token,
        encoding: 'utf8',
        timeout: 60_000
      })
    const inserted = sql("INSERT INTO orders VALUES (9007199254740993, 'new'), (2, 'new')")
    assert.equal(inserted.status, 0, inserted.stderr)
    assert.equal(inserted.stdout, 'INSERT orders: 2 rows\n')
    assert.equal(sql("UPDATE orders SET status = 'paid' WHERE id = 2").status, 0)
    await first.exit('SIGKILL')
    const sent = (await client().read('sql-changes')).map(({ value }) => value)
    assert.deepEqual(sent, [
      '{"id":9007199254740993,"status":"new"}',
      '{"id":2,"status":"new"}',
      '{"id":2,"status":"paid"}'
    ])

    const second = await new RunningPipeline(orders, words, token).ready()
    port = await portOf(second)
    const table = sql('SELECT id, status FROM orders ORDER BY id')
    assert.equal(
      table.stdout,
      `+------------------+--------+
| id               | status |
+------------------+--------+
|                2 | paid   |
| 9007199254740993 | new    |
+------------------+--------+
`,
      table.stderr
    )
    assert.match(
      sql('SHOW SINKS').stdout,
      /^\+-{19}\+\n\| sink_name {9}\|\n\+-{19}\+\n\| changes {11}\|/
    )
    const refused = sql('SELECT idd FROM orders')
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /1:8/)

    await client().write('sql-events', [{ value: '{"id":1}' }, { value: '{"id":2}' }])
    const copies = async (): Promise<number> => (await client().read('sql-copies')).length
    await until('copies', async () => (await copies()) === 2)
    const rewound = sql("ALTER SOURCE events SET auto_offset_reset = 'earliest'")
    assert.equal(rewound.status, 0, rewound.stderr)
    await until('all again', async () => (await copies()) === 4)
    const altered = sql('ALTER SINK copies SET request_timeout_ms = 60000')
    assert.equal(altered.status, 0, altered.stderr)
    await client().write('sql-events', [{ value: '{"id":3}' }])
    await until('the new client sends', async () => (await copies()) === 5)
    assert.equal(sql('DROP SINK copies').status, 0)
    await client().write('sql-events', [{ value: '{"id":4}' }])
    await until('it is read', async () => (await client().committed('sql', 'sql-events')) === 4)
    assert.equal(await copies(), 5)
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
    assert.equal(sql('SHOW TABLES').status, 3)
  })
})
