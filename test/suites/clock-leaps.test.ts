import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileScript } from '../../compiler/compile.ts'
import { startTestPipeline, type TestPipeline } from '../../runtime/test/test-pipeline.ts'
import { openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

/** A clock that somebody sets, while time passes. */
function makeClock() {
  let [set, elapsed] = [START, 0]
  return {
    now: () => set + elapsed,
    elapsed: () => elapsed,
    sleep: async () => {},
    advance: () => {},
    pass: (ms: number) => void (elapsed += ms),
    setBy: (ms: number) => void (set += ms)
  }
}

/** `say` gives a topic records of these values; `told` is what the sink `k` has written. */
async function open(name: string, script: string) {
  using folder = openScriptFolder(Buffer.from(script))
  const compiled = compileScript(folder.session(true))
  const path = join(import.meta.dirname, '_actual', `clock-leaps-${name}.ts`)
  const { definition, models } = await loadPipeline(compiled!, path)
  const clock = makeClock()
  const pipeline: TestPipeline = await startTestPipeline(definition, models, clock)
  const say = async (topic: string, value: object): Promise<void> => {
    const bytes = Buffer.from(JSON.stringify(value))
    pipeline.give(topic, [{ key: null, value: bytes, partition: 0, timestamp: clock.now() }])
    await pipeline.settle()
  }
  const told = async (): Promise<unknown[]> => {
    await pipeline.settle()
    return pipeline.written('k').map(({ value }) => JSON.parse(value!.toString()) as unknown)
  }
  return { clock, say, told, [Symbol.asyncDispose]: () => pipeline.close() }
}

test('a source is silent for as long as time has passed', async () => {
  await using opened = await open(
    'idle',
    `CREATE SOURCE t FROM KAFKA (topic = 't') SCHEMA (n INT, at TIMESTAMP, WATERMARK FOR at AS at IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SOURCE u FROM KAFKA (topic = 'u') SCHEMA (n INT, at TIMESTAMP, WATERMARK FOR at AS at IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT time_bucket('1 minute', at) AS minute, SUM(n) AS n FROM (SELECT n, at FROM t UNION ALL SELECT n, at FROM u) GROUP BY minute;`
  )
  const { clock, say, told } = opened
  await say('t', { n: 1, at: '2026-01-01T00:00:00Z' })
  await say('u', { n: 2, at: '2026-01-01T00:05:00Z' })
  clock.setBy(HOUR)
  assert.deepEqual(await told(), [])
  await say('t', { n: 3, at: '2026-01-01T00:00:59Z' })
  clock.setBy(-2 * HOUR)
  clock.pass(29_999)
  assert.deepEqual(await told(), [])
  clock.pass(1)
  assert.deepEqual(await told(), [{ minute: '2026-01-01T00:00:00.000Z', n: 4 }])
})

test('state_ttl counts what has passed', async () => {
  await using opened = await open(
    'ttl',
    `SET state_ttl = '1 minute';
CREATE SOURCE t FROM KAFKA (topic = 't') SCHEMA (n INT);
CREATE SINK k TO KAFKA (topic = 'k', format = 'upsert') AS SELECT n, COUNT(*) AS c FROM t GROUP BY n;`
  )
  const { clock, say, told } = opened
  await say('t', { n: 1 })
  clock.setBy(HOUR)
  await say('t', { n: 1 })
  clock.setBy(-2 * HOUR)
  clock.pass(60_000)
  await say('t', { n: 2 })
  await say('t', { n: 1 })
  const counts = (await told()).map(row => (row as { readonly c: number }).c)
  assert.deepEqual(counts, [1, 2, 1, 1])
})

test('a window of processing time is told once, and in time, where the clock was set back', async () => {
  await using opened = await open(
    'processing',
    `CREATE SOURCE t FROM KAFKA (topic = 't') SCHEMA (n INT, at AS PROCTIME());
CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT window_start, COUNT(*) AS c FROM TUMBLE(TABLE t, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY window_start;`
  )
  const { clock, say, told } = opened
  await say('t', { n: 1 })
  clock.pass(10_000)
  assert.deepEqual(await told(), [{ window_start: '2026-01-01T00:00:00.000Z', c: 1 }])
  clock.setBy(-HOUR)
  await say('t', { n: 2 })
  clock.pass(19_000)
  await say('t', { n: 3 })
  clock.pass(1000)
  assert.deepEqual((await told()).slice(1), [{ window_start: '2026-01-01T00:00:10.000Z', c: 2 }])
  clock.setBy(2 * HOUR)
  await say('t', { n: 4 })
  clock.pass(10_000)
  assert.deepEqual((await told()).slice(2), [{ window_start: '2026-01-01T01:00:30.000Z', c: 1 }])
})
