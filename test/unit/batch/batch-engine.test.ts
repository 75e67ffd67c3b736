import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BatchEngine } from '../../support/batch/batch-engine.ts'

async function ask(sql: string): Promise<readonly string[]> {
  using engine = await BatchEngine.open()
  return await engine.query(sql)
}

test('answers have all digits, and times with milliseconds', async () => {
  const answer = await ask(`
    SELECT 9223372036854775807 AS n, 12.50::DECIMAL(38, 2) AS "d c", TIMESTAMP '2026-01-02 03:04:05.6' AS t,
      NULL AS x, true AS b, 'a"ä' AS s, 0.1::DOUBLE + 0.2::DOUBLE AS f, -7 / 2 AS q,
      sum(v) AS total FROM (VALUES (9223372036854775807), (9223372036854775807)) AS all_of(v)`)
  assert.deepEqual(answer, [
    '{"n":9223372036854775807,"d c":12.50,"t":"2026-01-02T03:04:05.600Z","x":null,"b":true,"s":"a\\"ä","f":0.30000000000000004,"q":-3,"total":18446744073709551614}'
  ])
})

test('what our JSON cannot say is no answer', async () => {
  await assert.rejects(ask(`SELECT 'NaN'::DOUBLE`), /answers NaN/)
  await assert.rejects(
    ask(`SELECT TIMESTAMP '2026-01-01 00:00:00.0001'`),
    /finer than a millisecond/
  )
  await assert.rejects(ask('SELECT [1]'), /no test compares yet/)
})

test('a file of JSON lines is a table', async () => {
  const folder = mkdtempSync(join(tmpdir(), "miraclec-'test-"))
  try {
    const path = join(folder, 'rows.jsonl')
    writeFileSync(
      path,
      '{"id":9007199254740993,"in":{"at":"2026-01-01T00:00:00.001Z"}}\n{"id":null}\n'
    )
    using engine = await BatchEngine.open()
    await engine.loadJson('t', path, { id: 'BIGINT', in: 'STRUCT("at" TIMESTAMP)' })
    assert.deepEqual(await engine.query('SELECT id, "in"."at" AS at FROM t'), [
      '{"id":9007199254740993,"at":"2026-01-01T00:00:00.001Z"}',
      '{"id":null,"at":null}'
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
