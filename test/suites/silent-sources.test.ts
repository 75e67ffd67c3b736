import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { toBytes } from '../support/records.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'
import { runSqlTests } from '../support/sql-tests.ts'

// Whom a source holds back that brings nothing any more: run fixtures have a clock that stands still.
const sources = `CREATE SOURCE a FROM KAFKA (topic = 'a') SCHEMA (k INT, ts TIMESTAMP, WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SOURCE b FROM KAFKA (topic = 'b') SCHEMA (k INT, ts TIMESTAMP, WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SOURCE t FROM KAFKA (topic = 't', format = 'upsert') SCHEMA (k INT, v TEXT, ts TIMESTAMP, PRIMARY KEY (k), WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
`

async function passes(script: string): Promise<void> {
  const said = await runSqlTests(sources + script)
  assert.ok(Object.keys(said).length > 0)
  assert.deepEqual(said, Object.fromEntries(Object.keys(said).map(name => [name, null])))
}

test('events meet a table that has been silent for long, once they are past themselves', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS SELECT a.k, t.v FROM a LEFT JOIN t FOR SYSTEM_TIME AS OF a.ts ON a.k = t.k;
TEST 'as of'
  INPUT t VALUES (1, 'one', '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T01:00:00Z'), (2, '2026-01-01T01:00:01Z') AT '2026-01-01T00:00:10Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:29.999Z'
  EXPECT out ROWS 0
  INPUT a VALUES (3, '2026-01-01T01:00:02Z') AT '2026-01-01T00:00:30Z'
  EXPECT out VALUES (1, 'one'), (2, NULL)
  INPUT t VALUES (3, 'three', '2026-01-01T01:00:01Z') AT '2026-01-01T00:00:31Z'
  INPUT a VALUES (3, '2026-01-01T01:00:03Z') AT '2026-01-01T00:00:31Z'
  EXPECT out ROWS 0
  INPUT t VALUES (4, 'four', '2026-01-01T02:00:00Z') AT '2026-01-01T00:00:32Z'
  EXPECT out VALUES (3, 'three'), (3, 'three')
  EXPECT ERRORS 0;`)
})

test('a row that meets none is told where the other side is silent', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS SELECT a.k, b.k AS other FROM a LEFT JOIN b ON a.k = b.k AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '10' SECOND;
TEST 'left'
  INPUT b VALUES (9, '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T01:00:00Z'), (2, '2026-01-01T01:00:20Z') AT '2026-01-01T00:00:10Z'
  ADVANCE TIME TO '2026-01-01T00:00:29.999Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:30Z'
  EXPECT out VALUES (1, NULL)
  EXPECT ERRORS 0;`)
})

test('windows of two sources go on by the one that brings something', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS
SELECT time_bucket('1 minute', ts) AS at, COUNT(*) AS n FROM (SELECT ts FROM a UNION ALL SELECT ts FROM b) GROUP BY at;
TEST 'union'
  INPUT b VALUES (9, '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T00:00:30Z'), (2, '2026-01-01T00:01:00Z') AT '2026-01-01T00:00:29Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:30Z'
  EXPECT out VALUES ('2026-01-01T00:00:00Z', 2)
  EXPECT ERRORS 0;`)
})

// What one life of a pipeline has told no other tells again: a partition that nobody waited for brings rows that are in time by itself.
const brings = [
  [0, '00:01:40'],
  [1, '00:00:01']
] as const
const told = (query: string): string =>
  `CREATE SOURCE s FROM KAFKA (topic = 's', auto_offset_reset = 'earliest') SCHEMA (k INT, ts TIMESTAMP, WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '50' MILLISECOND);
CREATE SINK out TO KAFKA (topic = 'out') AS ${query};`

async function openTwice(query: string) {
  using folder = openScriptFolder(new TextEncoder().encode(told(query)))
  const { compiled } = compileFixture(folder, true)
  const path = join(import.meta.dirname, '_actual', `${randomUUID()}.ts`)
  const pipeline = await loadPipeline(compiled, path)
  rmSync(path)
  const topics = makeMemoryTopics()
  const bring = (partition: number, time: string, k: number): void =>
    topics.append('s', {
      key: null,
      value: toBytes(JSON.stringify({ k, ts: `2026-01-01T${time}Z` })),
      timestamp: 0,
      partition
    })
  return { topics, bring, run: () => runPipelineInMemory(pipeline, topics) }
}

for (const [what, query] of [
  ['windows', "SELECT time_bucket('10 seconds', ts) AS w, COUNT(*) AS n FROM s GROUP BY w"],
  [
    'windows in slices',
    "SELECT window_end, COUNT(*) AS n FROM HOP(s, ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND) GROUP BY window_end, window_start"
  ],
  [
    'sessions',
    "SELECT window_start, COUNT(*) AS n FROM SESSION(s PARTITION BY k, ts, INTERVAL '8' SECOND) GROUP BY window_start, window_end, k"
  ],
  [
    'first rows of windows',
    "SELECT w, k FROM (SELECT time_bucket('10 seconds', ts) AS w, k, ROW_NUMBER() OVER (PARTITION BY time_bucket('10 seconds', ts) ORDER BY k) AS place FROM s) WHERE place = 1"
  ],
  ['rows in order', 'SELECT ts, COUNT(*) OVER (ORDER BY ts) AS n FROM s'],
  [
    'joins',
    "SELECT a.ts, b.k FROM s a LEFT JOIN s b ON a.k = b.k + 1 AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '10' SECOND"
  ]
] as const) {
  test(`${what} that were told stay so after a restart`, async () => {
    const { topics, bring, run } = await openTwice(query)
    for (const [partition, time] of brings) bring(partition, time, 2)
    await run()
    const before = topics.read('out').length
    assert.ok(before > 0)
    bring(1, '00:00:02', 1)
    await run()
    assert.equal(topics.read('out').length, before)
    assert.ok(topics.read('s-dlq').length > 0)
  })
}

test('what goes by the clock takes in what comes by one that is behind that of the last start', async () => {
  const query =
    "SELECT time_bucket('10 milliseconds', now()) AS w, k, COUNT(*) AS n FROM s GROUP BY w, k"
  const { topics, bring, run } = await openTwice(query)
  bring(0, '00:00:01', 1)
  await run()
  assert.equal(topics.read('out').length, 1)
  // Each run begins at the same time.
  bring(0, '00:00:02', 2)
  await run()
  assert.equal(topics.read('out').length, 2)
  assert.equal(topics.read('s-dlq').length, 0)
})
