import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'

// A statement on a running pipeline whose change goes on into other tables and into groups.

let asked: AskedPipeline

before(async () => {
  asked = await startAskedPipeline(
    'sql-cascade',
    `SET commit_interval = '50 ms';
CREATE TABLE parts (id INT PRIMARY KEY, kind TEXT, n INT);
CREATE TABLE copies (id INT PRIMARY KEY, n INT);
INSERT INTO copies SELECT id, n FROM parts;
CREATE TABLE kinds (kind TEXT PRIMARY KEY, count BIGINT, total BIGINT);
INSERT INTO kinds SELECT kind, COUNT(*), SUM(n) FROM parts GROUP BY kind;
CREATE SINK changes TO KAFKA (topic = 'changes') FROM TABLE copies;
CREATE SINK shares TO KAFKA (topic = 'shares') AS SELECT id, 10 / n AS share FROM parts;`,
    makeMemoryTopics()
  )
})
after(() => asked.stop())

async function rows(statement: string): Promise<unknown> {
  const { status, text } = await asked.post(statement)
  assert.equal(status, 200, text)
  return (JSON.parse(text) as { readonly rows: unknown }).rows
}

test('a change goes on into a table and into groups before it is answered', async () => {
  await rows(`INSERT INTO parts VALUES (1, 'a', 5), (2, 'a', 2), (3, 'b', 1)`)
  assert.deepEqual(await rows('SELECT id, n FROM copies ORDER BY id'), [
    [1, 5],
    [2, 2],
    [3, 1]
  ])
  assert.deepEqual(await rows('SELECT kind, count, total FROM kinds ORDER BY kind'), [
    ['a', 2, 7],
    ['b', 1, 1]
  ])
  await rows('DELETE FROM parts WHERE id = 2')
  await rows(`UPDATE parts SET kind = 'a' WHERE id = 3`)
  assert.deepEqual(await rows('SELECT kind, count, total FROM kinds ORDER BY kind'), [['a', 2, 6]])
})

test('what fails is undone in all tables that it has reached, and counts in no group', async () => {
  const { status, text } = await asked.post('UPDATE parts SET n = n - 1')
  assert.equal(status, 400, text)
  assert.match(text, /division-by-zero/)
  assert.deepEqual(await rows('SELECT id, n FROM copies ORDER BY id'), [
    [1, 5],
    [3, 1]
  ])
  // Groups are told at the next commit.
  await rows(`INSERT INTO parts VALUES (4, 'c', 1)`)
  assert.deepEqual(await rows('SELECT kind, count, total FROM kinds ORDER BY kind'), [
    ['a', 2, 6],
    ['c', 1, 1]
  ])
})
