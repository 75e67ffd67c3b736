import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import type { ReadRecord } from '../support/kafka/client.ts'

const folder = mkdtempSync(join(tmpdir(), 'miraclec-state-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const STATEMENTS = 40
const inserts = Array.from({ length: STATEMENTS }, (_, i) =>
  i % 2 === 0
    ? `INSERT INTO counters VALUES (${i}, 0);`
    : `UPDATE counters SET n = n + 1 WHERE id <= ${i};`
)

const counters = compileExecutable(
  'counters',
  `SET commit_interval = '100 ms';
CREATE TABLE counters (id INT PRIMARY KEY, n INT);
CREATE SINK changes TO KAFKA (topic = 'changes', format = 'upsert', linger_ms = 1) FROM TABLE counters;
${inserts.join('\n')}`
)
const enrich = compileExecutable(
  'enrich',
  `SET commit_interval = '100 ms';
CREATE SOURCE users FROM KAFKA (topic = 'users', group_id = 'enrich-users', format = 'upsert') SCHEMA (id INT, name TEXT, PRIMARY KEY (id));
CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'enrich', auto_offset_reset = 'earliest') SCHEMA (id INT, who INT);
CREATE SINK named TO KAFKA (topic = 'named', linger_ms = 1);
INSERT INTO named SELECT o.id, u.name FROM orders o LEFT JOIN users u ON o.who = u.id;`
)
const ledger = compileExecutable(
  'ledger',
  `SET commit_interval = '100 ms';
CREATE TABLE ledger (id INT PRIMARY KEY, n INT);
CREATE SINK rows TO KAFKA (topic = 'ledger-rows', linger_ms = 1) FROM TABLE ledger;
CREATE SINK entries TO KAFKA (topic = 'ledger-entries', format = 'upsert', linger_ms = 1) FROM TABLE ledger;
INSERT INTO ledger VALUES (1, 5);
UPDATE ledger SET n = 6 WHERE id = 1;
DELETE FROM ledger WHERE id = 1;`
)
after(() => {
  ledger.remove()
  counters.remove()
  enrich.remove()
})

describeOnKafka('tables', ({ client, broker }) => {
  test('each statement runs once, across kill -9 between any two of them', async () => {
    await client().createTopic('changes', 1)
    const words = ['--brokers', broker().brokers]
    for (let round = 0; round < 3; round++) {
      const victim = new RunningPipeline(counters, words)
      await victim.logged('state restored')
      await sleep(150 + 200 * round)
      await victim.exit('SIGKILL')
    }
    const last = await new RunningPipeline(counters, words).ready()
    assert.equal(await last.exit('SIGTERM'), 0, last.text())
    assert.deepEqual(foldById(await client().read('changes')), expectedCounters())
    const again = await new RunningPipeline(counters, words).ready()
    const before = (await client().read('changes')).length
    assert.equal(await again.exit('SIGTERM'), 0, again.text())
    assert.equal((await client().read('changes')).length, before, 'nothing is left to run')
  })

  test('a change is told by its header, the end of a row by a tombstone', async () => {
    for (const topic of ['ledger-rows', 'ledger-entries']) await client().createTopic(topic, 1)
    const pipeline = await new RunningPipeline(ledger, ['--brokers', broker().brokers]).ready()
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    const read = async (topic: string) =>
      (await client().read(topic)).map(({ key, value, headers }) => [key, value, headers])
    const header = (op: string) => ({ 'miracledb.op': op })
    assert.deepEqual(await read('ledger-rows'), [
      ['1', '{"id":1,"n":5}', header('c')],
      ['1', '{"id":1,"n":6}', header('u')],
      ['1', '{"id":1,"n":6}', header('d')]
    ])
    assert.deepEqual(await read('ledger-entries'), [
      ['1', '{"id":1,"n":5}', header('c')],
      ['1', '{"id":1,"n":6}', header('u')],
      ['1', null, header('d')]
    ])
  })

  test('a table comes back from its topic, and events wait until it is read', async () => {
    for (const topic of ['users', 'orders', 'named']) await client().createTopic(topic, 2)
    const users = Array.from({ length: 5000 }, (_, id) => ({
      key: String(id),
      value: JSON.stringify({ id, name: `user ${id}` })
    }))
    await client().write('users', users)
    await client().write('orders', ordersOf(0, 1000))
    const words = ['--brokers', broker().brokers, '--state-dir', folder]
    const first = await new RunningPipeline(enrich, words).ready()
    await until(
      'orders are through',
      async () => (await client().committed('enrich', 'orders')) === 1000
    )
    assert.equal(await first.exit('SIGKILL'), null)
    await client().write('users', [{ key: '7', value: null }])
    await client().write('orders', ordersOf(1000, 2000))
    const second = await new RunningPipeline(enrich, words).ready()
    const restored = await second.logged('state restored')
    assert.equal(restored['users'], 5000)
    await until(
      'all is through',
      async () => (await client().committed('enrich', 'orders')) === 2000
    )
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
    const named = new Map(
      (await client().read('named')).map(({ value }) => {
        const { id, name } = JSON.parse(value!) as { readonly id: number; readonly name: string }
        return [id, name]
      })
    )
    assert.equal(named.size, 2000)
    for (const [id, name] of named) {
      const gone = id >= 1000 && id % 5000 === 7
      assert.equal(name, gone ? null : `user ${id % 5000}`, `order ${id}`)
    }
  })

  test('a stop leaves a checkpoint, a restart goes on from it, and a damaged one is not missed', async () => {
    const words = ['--brokers', broker().brokers, '--state-dir', folder]
    const path = join(folder, 'users.checkpoint')
    const whole = readFileSync(path)
    assert.ok(whole.length > 5000 * 10)
    for (const damage of [false, true]) {
      if (damage) writeFileSync(path, whole.subarray(0, whole.length >> 1))
      const pipeline = await new RunningPipeline(enrich, words).ready()
      assert.equal((await pipeline.logged('state restored'))['users'], 4999)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    }
    assert.equal(readFileSync(path).length, whole.length)
  })

  test('a second process takes over, and the first stops', async () => {
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(enrich, words).ready()
    const second = await new RunningPipeline(enrich, words).ready()
    await client().write('orders', ordersOf(2000, 2100))
    await first.logged('another process of "enrich" has taken over')
    assert.equal(await first.exit(), 3)
    await until(
      'they are through',
      async () => (await client().committed('enrich', 'orders')) === 2100
    )
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
  })
})

function ordersOf(from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => ({
    value: JSON.stringify({ id: from + i, who: from + i })
  }))
}

function foldById(records: readonly ReadRecord[]): Record<string, number> {
  const rows: Record<string, number> = {}
  for (const { key, value } of records) {
    rows[key!] = (JSON.parse(value!) as { readonly n: number }).n
  }
  return rows
}

/** Row `id` was there for every UPDATE after it. */
function expectedCounters(): Record<string, number> {
  const rows: Record<string, number> = {}
  for (let i = 0; i < STATEMENTS; i += 2) rows[i] = (STATEMENTS - i) / 2
  return rows
}
