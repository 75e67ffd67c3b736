import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryTopics } from '../../../runtime/connect/memory/index.ts'
import { tellInParts } from '../../../runtime/pipeline/tell-in-parts.ts'
import { compileFixture, openScriptFolder } from '../../support/compile-fixture.ts'
import { loadPipeline } from '../../support/load-pipeline.ts'
import { toBytes } from '../../support/records.ts'
import { runPipelineInMemory } from '../../support/run-pipeline.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

test('what a part has told is sent before the next one is told, and others get a turn', async () => {
  const done: string[] = []
  function* tell(): Generator<void> {
    for (const part of ['a', 'b', 'c']) {
      done.push(part)
      yield
    }
  }
  setImmediate(() => done.push('another'))
  const send = async (): Promise<void> => void done.push('sent')
  assert.equal(await tellInParts(tell(), makeVirtualClock(), send), 0)
  assert.deepEqual(done, ['a', 'sent', 'another', 'b', 'sent', 'c', 'sent'])
})

const KEYS = 4500
const source = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (k BIGINT, v BIGINT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
CREATE SINK o TO KAFKA (topic = 'o', format = 'upsert') AS `
const ways: Readonly<Record<string, string>> = {
  groups: 'SELECT k, COUNT(*) AS n FROM s GROUP BY k',
  windows: `SELECT window_start, k, COUNT(*) AS n FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, k`,
  sessions: `SELECT k, window_start, COUNT(*) AS n FROM SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY k, window_start, window_end EMIT CHANGES`,
  'first rows': `SELECT k, v FROM (SELECT k, v, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS place FROM s) WHERE place <= 1`,
  'rows of OVER': `SELECT k, ts, COUNT(*) OVER (PARTITION BY k ORDER BY ts) AS n FROM s`
}

for (const [what, query] of Object.entries(ways)) {
  test(`${what}: many are told in parts, each once`, async () => {
    const isAppended = ['windows', 'rows of OVER'].includes(what)
    const script = isAppended ? source.replace(", format = 'upsert'", '') : source
    using folder = openScriptFolder(toBytes(`${script}${query};\n`)!)
    const path = join(import.meta.dirname, '_actual', `${randomUUID()}.ts`)
    const pipeline = await loadPipeline(compileFixture(folder, true).compiled, path)
    rmSync(path)
    const topics = makeMemoryTopics()
    const append = (k: number, minute: number): void => {
      const ts = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
      const value = toBytes(JSON.stringify({ k, v: k, ts }))
      topics.append('s', { key: null, value, timestamp: 0, partition: 0, headers: [] })
    }
    for (let k = 0; k < KEYS; k++) append(k, 0)
    append(KEYS, 10)
    assert.equal(await runPipelineInMemory(pipeline, topics), null)
    const told = topics.read('o').map(({ value }) => Buffer.from(value!).toString())
    const keys = told.map(text => (JSON.parse(text) as { readonly k: number }).k)
    assert.deepEqual(
      keys.filter(k => k < KEYS).sort((a, b) => a - b),
      Array.from({ length: KEYS }, (_, k) => k)
    )
  })
}
