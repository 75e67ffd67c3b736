import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { assertSameTopics } from '../support/compare-records.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { limitMaps } from '../support/limit-maps.ts'
import { inPassingFile, type LoadedPipeline, loadPipeline } from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { toBytes } from '../support/records.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { openStateFolder } from '../support/state-folder.ts'

// What has more keys than a Map takes, which is 2^24: here Maps take fewer.

const KEYS = 350
const MOST = 100
const START = Date.UTC(2026, 0, 1)

const source = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (k TEXT, id BIGINT, n INT, b BIGINT, ts TIMESTAMP, WATERMARK FOR ts AS ts);`
const keyed = `CREATE SOURCE u FROM KAFKA (topic = 'u', format = 'upsert') SCHEMA (k TEXT, id BIGINT, n INT, b BIGINT, ts TIMESTAMP METADATA FROM 'timestamp', PRIMARY KEY (k), WATERMARK FOR ts AS ts);`
const sink = (format: string): string =>
  `CREATE SINK o TO KAFKA (topic = 'o', format = '${format}') AS`
const seconds = (n: number): string => `INTERVAL '${n}' SECOND`

const scripts: Readonly<Record<string, string>> = {
  'groups of numbers': `${source} ${sink('upsert')} SELECT k, COUNT(*) AS c, SUM(b) AS total, MAX(b) AS most FROM s GROUP BY k;`,
  'groups of wide numbers': `${source} ${sink('upsert')} SELECT id, COUNT(*) AS c, MIN(k) AS least FROM s GROUP BY id;`,
  'groups whose rows change': `${keyed} ${sink('upsert')} SELECT id, COUNT(*) AS c, MIN(n) AS least FROM u GROUP BY id;`,
  'numbers of groups whose rows change': `${keyed} ${sink('upsert')} SELECT id, COUNT(*) AS c, SUM(b) AS total, AVG(n) AS mean FROM u GROUP BY id;`,
  'values of one group': `${source} ${sink('upsert')} SELECT n % 2 AS odd, COUNT(DISTINCT id) AS ids, COUNT(DISTINCT k) AS ks FROM s GROUP BY odd;`,
  'values that change': `${keyed} ${sink('upsert')} SELECT n % 2 AS odd, COUNT(DISTINCT id) AS ids, MAX(k) AS most FROM u GROUP BY odd;`,
  'groups that are forgotten': `SET state_ttl = '1 hour'; ${source} ${sink('upsert')} SELECT k, COUNT(*) AS c FROM s GROUP BY k;`,
  slices: `${source} ${sink('json')} SELECT window_end, k, COUNT(*) AS c, SUM(b) AS total, MAX(n) AS most FROM HOP(TABLE s, DESCRIPTOR(ts), ${seconds(2000)}, ${seconds(6000)}) GROUP BY window_end, k;`,
  'slices of wide numbers': `${source} ${sink('json')} SELECT window_end, id, COUNT(*) AS c, MIN(k) AS least FROM HOP(TABLE s, DESCRIPTOR(ts), ${seconds(2000)}, ${seconds(6000)}) GROUP BY window_end, id;`,
  'windows that grow': `${source} ${sink('json')} SELECT window_end, k, COUNT(*) AS c, MIN(k) AS least FROM CUMULATE(TABLE s, DESCRIPTOR(ts), ${seconds(2000)}, ${seconds(6000)}) GROUP BY window_end, k;`,
  sessions: `${source} ${sink('json')} SELECT window_start, window_end, k, COUNT(*) AS c FROM SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), ${seconds(60)}) GROUP BY window_start, window_end, k;`,
  'groups of one session': `${source} ${sink('upsert')} SELECT window_start, k, COUNT(*) AS c FROM SESSION(TABLE s, DESCRIPTOR(ts), ${seconds(60)}) GROUP BY window_start, k EMIT CHANGES;`,
  'first rows': `${source} ${sink('upsert')} SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (PARTITION BY k ORDER BY n DESC) AS p FROM s) AS x WHERE p <= 1;`,
  'one partition of first rows': `${keyed} ${sink('upsert')} SELECT k, n, p FROM (SELECT k, n, ROW_NUMBER() OVER (ORDER BY n DESC, k) AS p FROM u) AS x WHERE p <= 300;`,
  'tables that are looked up': `${keyed} CREATE TABLE t (k TEXT, c BIGINT, PRIMARY KEY (k)); INSERT INTO t SELECT k, COUNT(*) FROM u GROUP BY k; ${source} ${sink('json')} SELECT s.k, s.n, t.c FROM s LEFT JOIN t ON t.k = s.k WHERE s.n < 0;
    CREATE SINK copy TO KAFKA (topic = 'copy', format = 'upsert') AS SELECT k, c FROM t;`,
  'tables that are joined': `${keyed} CREATE SOURCE v FROM KAFKA (topic = 'u', group_id = 'v', format = 'upsert') SCHEMA (k TEXT, n INT, PRIMARY KEY (k)); ${sink('upsert')} SELECT u.k, v.n, u.id FROM u JOIN v ON v.k = u.k;`,
  'all rows of one key': `${keyed} CREATE TABLE t (k TEXT, n INT, odd INT, PRIMARY KEY (k)); INSERT INTO t SELECT k, n, n % 2 FROM u; ${sink('upsert')} SELECT t.odd, COUNT(*) AS c FROM t GROUP BY t.odd;`,
  'rows that wait for others': `${source} ${sink('json')} SELECT a.k, a.n, b.n AS next FROM s a LEFT JOIN s b ON b.k = a.k AND b.ts BETWEEN a.ts + ${seconds(1)} AND a.ts + ${seconds(3000)};`,
  'versions of tables': `${keyed} ${source} ${sink('json')} SELECT s.n, s.k, u.n AS m FROM s LEFT JOIN u FOR SYSTEM_TIME AS OF s.ts AS u ON u.k = s.k;`,
  'rows around each': `${source} ${sink('json')} SELECT k, n, COUNT(*) OVER (PARTITION BY k ORDER BY ts) AS c, SUM(n) OVER (PARTITION BY k ORDER BY ts RANGE BETWEEN ${seconds(3000)} PRECEDING AND CURRENT ROW) AS total FROM s;`,
  'rows behind each': `${source} ${sink('json')} SELECT k, n, SUM(n) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS total FROM s;`
}

/** Each in one go, and with barriers on the way; and stopped, so that states are read again. */
const ways: readonly (readonly RunLimits[])[] = [
  [{}],
  [{ pollSize: 300, stopAfter: 600 }, { commits: 'reliable' }]
]

for (const [name, script] of Object.entries(scripts)) {
  test(`more keys than a Map takes: ${name}`, async () => {
    for (const place of ['memory', 'disk']) {
      const text = `SET state = '${place === 'disk' ? 'lmdb' : place}'; ${script}`
      using folder = openScriptFolder(new TextEncoder().encode(text))
      const { compiled } = compileFixture(folder, true)
      const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
      const { graph } = compiled
      for (const runs of ways) {
        const expected = await run(pipeline, runs, place)
        assert.ok((expected.get('o')?.length ?? 0) > 0 || name === 'tables that are looked up')
        const written = await limited(() => run(pipeline, runs, place))
        assertSameTopics(written, expected, graph, { ordered: false, tolerance: 0 }, place)
      }
    }
  })
}

async function limited<Result>(work: () => Promise<Result>): Promise<Result> {
  using _ = limitMaps(MOST)
  return await work()
}

async function run(
  pipeline: LoadedPipeline,
  runs: readonly RunLimits[],
  place: string
): Promise<ReturnType<typeof writtenRecords>> {
  const topics = makeRecords()
  using state = openStateFolder()
  const on = place === 'disk' ? { disk: state.path } : {}
  for (const limits of runs)
    assert.equal(await runPipelineInMemory(pipeline, topics, { ...limits, ...on }), null)
  return writtenRecords(topics, new Map([...'su'].map(topic => [topic, []])))
}

/** Each key three times, also as a row that changes and in the end is deleted, but for some. The last row closes windows. */
function makeRecords(): MemoryTopics {
  const topics = makeMemoryTopics()
  const append = (topic: string, key: string, row: object | null, at: number): void =>
    topics.append(topic, {
      key: toBytes(JSON.stringify({ k: key })),
      value: row === null ? null : toBytes(JSON.stringify(row)),
      timestamp: START + at,
      partition: 0,
      headers: []
    })
  for (let i = 0; i < 3 * KEYS; i++) {
    const n = i % KEYS
    const k = `k${n}`
    const row = { k, id: 2 ** 40 + n * 3, n: i, b: n % 7 === 0 ? '9007199254740993' : n }
    const ts = new Date(START + i * 1000).toISOString()
    append('s', k, { ...row, ts }, i * 1000)
    append('u', k, i < 2 * KEYS || n % 3 > 0 ? row : null, i * 1000)
  }
  const end = { k: 'end', id: 0, n: 0, b: 0, ts: new Date(START + 86_400_000).toISOString() }
  append('s', 'end', end, 86_400_000)
  append('u', 'end', end, 86_400_000)
  return topics
}
