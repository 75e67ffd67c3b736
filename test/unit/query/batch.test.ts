import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStatements } from '../../../compiler/ask/index.ts'
import type {
  AskedPipeline,
  StatementResult,
  TableDefinition
} from '../../../runtime/contract/index.ts'
import { makeAsker } from '../../../runtime/query/asker.ts'
import { TableState } from '../../../runtime/state/index.ts'

const sql = 'CREATE TABLE t (id BIGINT PRIMARY KEY, n INT, big BIGINT, who TEXT, x DOUBLE)'
const compiler = openStatements([sql], new Map())

function open() {
  const definition: TableDefinition = {
    name: 't',
    columns: [],
    key: [0],
    indexes: [],
    sources: [],
    changed: () => {},
    sql,
    line: 1
  }
  const table = new TableState(definition)
  const changes: unknown[] = []
  const pipeline: AskedPipeline = {
    table: () => table,
    changed: () => (op, before, after) => void changes.push([op, before, after]),
    system: () => [],
    now: () => 0,
    maxRows: Infinity
  }
  let compiled = 0
  const asker = makeAsker({
    ...compiler,
    compile(...args) {
      compiled++
      return compiler.compile(...args)
    }
  })
  return {
    asker,
    pipeline,
    changes,
    rows: () => [...table.entries()],
    compiled: () => compiled
  }
}

/** The same statements as one text, and one after the other. */
async function compare(text: string, statements: readonly string[]): Promise<void> {
  const batch = open()
  const alone = open()
  const result = await batch.asker.executeBatch(text, batch.pipeline)
  const results = statements.map(statement => alone.asker.execute(statement, alone.pipeline))
  const rows = results.map(one =>
    one.kind === 'changed' ? one.rows : assert.fail(JSON.stringify(one))
  )
  const sum = rows.reduce((a, b) => a + b, 0)
  assert.deepEqual(result, {
    kind: 'batch',
    statements: statements.length,
    rows: sum,
    counts: rows
  })
  assert.deepEqual(batch.changes, alone.changes)
  assert.deepEqual(batch.rows(), alone.rows())
}

const inserts = Array.from(
  { length: 40 },
  (_, i) => `INSERT INTO t (id, n, big, who) VALUES (${i}, ${i}, ${i}, 'who ${i % 3}')`
)

const followers: readonly string[] = [
  'UPDATE t SET n = 5 WHERE id = 7',
  'UPDATE t SET n = 6 WHERE id = 8',
  'UPDATE t SET n = -6 WHERE id = 8',
  'UPDATE t SET n = -0 WHERE id = 9',
  'UPDATE t SET n = n - 1 WHERE id = 8',
  'UPDATE t SET n = n - -1 WHERE id = 8',
  'UPDATE t SET n = n -1 WHERE id = 8',
  'UPDATE t SET n = n -2 WHERE id = 8',
  'UPDATE t SET n = n -1\n WHERE id = 8',
  'UPDATE t SET n = n --2\n WHERE id = 8',
  'UPDATE t SET n = 07 WHERE id = 10',
  'UPDATE t SET n = 2147483647 WHERE id = 10',
  'UPDATE t SET n = -2147483648 WHERE id = 10',
  'UPDATE t SET big = 2147483648 WHERE id = 10',
  'UPDATE t SET big = -2147483648 WHERE id = 11',
  'UPDATE t SET big = -2147483649 WHERE id = 12',
  'UPDATE t SET big = 999999999999999 WHERE id = 13',
  'UPDATE t SET big = 9007199254740993 WHERE id = 14',
  'UPDATE t SET x = 5 WHERE id = 7',
  'UPDATE t SET x = 5.5 WHERE id = 7',
  'UPDATE t SET x = 6. WHERE id = 7',
  'UPDATE t SET x = 1e3 WHERE id = 7',
  "UPDATE t SET who = 'a' WHERE id = 1",
  "UPDATE t SET who = 'a' WHERE id = 2",
  "UPDATE t SET who = 'ab' WHERE id = 3",
  "UPDATE t SET who = '' WHERE id = 4",
  "UPDATE t SET who = 'a''b' WHERE id = 5",
  "UPDATE t SET who = 'a' WHERE id = 6",
  "UPDATE t SET who = 'a;b' WHERE id = 6",
  "UPDATE t SET who = 'a--b' WHERE id = 6",
  "UPDATE t SET who = 'a\\' WHERE id = 6",
  "UPDATE t SET who = E'a\\'; b' WHERE id = 6",
  'UPDATE t SET who = $$it;s$$ WHERE id = 6',
  "UPDATE t SET who = 'Zoë \u{1F600}' WHERE id = 6",
  'UPDATE t SET "who" = NULL WHERE `id` = 6',
  'UPDATE t /* ; /* ; */ */ SET n = 1 WHERE id = 15',
  'DELETE FROM t WHERE id = 16',
  'DELETE FROM t WHERE id = 17',
  'DELETE FROM t WHERE id = 16',
  'UPDATE t SET id = 100 WHERE id = 18',
  'UPDATE t SET id = 101 WHERE id = 19',
  "UPDATE t SET n = 1 WHERE who = 'who 1'",
  "UPDATE t SET n = 2 WHERE who = 'who 2'",
  'UPDATE t SET n = 3 WHERE id = 20 AND n = 1'
]

test('a batch does what its statements do one by one', async () => {
  const statements = [...inserts, ...followers]
  await compare(statements.join(';'), statements)
  await compare(`\n;; -- first ; '\n${statements.join(' ; \n')};\n/* ; */ # end ;`, statements)
})

test('every two statements that follow each other do so in any order', async () => {
  for (const first of followers.slice(0, 36)) {
    const statements = [...inserts, ...followers.slice(0, 36).flatMap(other => [first, other])]
    await compare(statements.join(';\n'), statements)
  }
})

test('statements that differ in their literals are compiled once', async () => {
  const { asker, pipeline, compiled } = open()
  const rounds = Array.from({ length: 50 }, (_, i) => [
    `INSERT INTO t (id, who) VALUES (${i}, 'w${i}')`,
    `UPDATE t SET n = -${i}, who = 'v${i}' WHERE id = ${i}`,
    `UPDATE t SET n = n + ${i} WHERE id = ${i}`
  ])
  const result = await asker.executeBatch(rounds.flat().join(';'), pipeline)
  assert.deepEqual(result, {
    kind: 'batch',
    statements: 150,
    rows: 150,
    counts: new Array<number>(150).fill(1)
  })
  assert.equal(compiled(), 3)
})

test('a statement that fails ends the batch, and is told by its number and position', async () => {
  const refused = async (text: string): Promise<Extract<StatementResult, { kind: 'refused' }>> => {
    const { asker, pipeline } = open()
    const result = await asker.executeBatch(text, pipeline)
    return result.kind === 'refused' ? result : assert.fail(JSON.stringify(result))
  }
  const duplicate = await refused(
    'INSERT INTO t (id) VALUES (1); INSERT INTO t (id) VALUES (2); INSERT INTO t (id) VALUES (1)'
  )
  assert.equal(duplicate.code, 'duplicate-key')
  assert.match(duplicate.message, /statement 3 of the batch, of which nothing is kept/)
  const unknown = await refused('DELETE FROM t WHERE id = 1;\n  DELETE FROM t WHERE idd = 1')
  assert.equal(unknown.code, 'column-not-found')
  assert.match(unknown.text, /:2:23/)
  assert.equal((await refused('DELETE FROM t; SELECT * FROM t')).code, 'batch-of-changes')
  assert.equal(
    (await refused("DELETE FROM t; DELETE FROM t WHERE who = 'x")).code,
    'unterminated-string'
  )
  assert.equal(
    (await refused(`DELETE FROM t; DELETE FROM t -- ${'x'.repeat(1 << 20)}`)).code,
    'statement-too-long'
  )
})

test('what is one statement and what is several', () => {
  const { asker } = open()
  for (const one of ['SELECT 1', 'SELECT 1;', ' ;SELECT 1; -- end;\n /* ; */', "SELECT ';'", '']) {
    assert.equal(asker.isBatch(one), false, one)
  }
  for (const several of ['SELECT 1; x', 'DELETE FROM t;DELETE FROM t;', '/* ; */ a; b']) {
    assert.equal(asker.isBatch(several), true, several)
  }
})

test('statements beyond Latin-1 and with lone surrogates are recognised by their units', async () => {
  const owners = ['Zoë', 'Łukasz', '源', '😀', '\ud83d', 'zoe', 'Zoë', '', '源 and more than that']
  const updates = owners.flatMap((who, i) => [
    `UPDATE t SET who = '${who}' WHERE id = ${i}`,
    `UPDATE t SET n = ${i}, who = 'ж' WHERE id = ${i + 20} AND who <> '源'`
  ])
  const statements = [...inserts, ...updates]
  await compare(statements.join(' ;\n'), statements)
})
