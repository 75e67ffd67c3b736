import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { assertSameTopics } from '../support/compare-records.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { foldChanges } from '../support/fold-changes.ts'
import { makeRandom, pick } from '../support/functions/random-value.ts'
import { loadPipeline, loadTopology } from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { toBytes } from '../support/records.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'

// What the rows of a group come to is sent to its task instead of them.

const START = Date.UTC(2026, 0, 1)
const INPUTS = new Map([['s', []]])

const source = (idle: string, onError = ''): string =>
  `CREATE SOURCE s FROM KAFKA (topic = 's', auto_offset_reset = 'earliest')
   SCHEMA (k TEXT, m DECIMAL, b BIGINT, f DOUBLE, ok BOOLEAN, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND${idle}) ${onError};\n`

const calls = [
  ...['COUNT(*)', 'COUNT(b) FILTER (WHERE ok)', 'SUM(m)', 'SUM(b)', 'SUM(f)', 'AVG(b)', 'AVG(m)'],
  ...['MIN(m)', 'MAX(b)', 'MIN(k)', 'MAX(ts)', 'BOOL_AND(ok)', 'BOOL_OR(ok)', 'VAR_SAMP(f)'],
  ...['CORR(b, f)', 'APPROX_COUNT_DISTINCT(k)', 'APPROX_PERCENTILE(0.5) WITHIN GROUP (ORDER BY f)']
]
const all = calls.map((call, i) => `${call} AS c${i}`).join(', ')

const queries = `CREATE SINK windows TO KAFKA (topic = 'windows') AS SELECT time_bucket('10 seconds', ts) AS w, k, ${all} FROM s GROUP BY w, k;
CREATE SINK changing TO KAFKA (topic = 'changing', format = 'upsert') AS SELECT time_bucket('10 seconds', ts) AS w, m, ${all} FROM s GROUP BY w, m EMIT CHANGES;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert') AS SELECT k, ok, ${all} FROM s GROUP BY k, ok;
CREATE SINK whole TO KAFKA (topic = 'whole') AS SELECT ${all} FROM s;
CREATE SINK sets TO KAFKA (topic = 'sets', format = 'upsert') AS SELECT k, b, GROUPING(k, b) AS g, COUNT(*) AS n, SUM(m) AS total FROM s GROUP BY ROLLUP (k, b);
CREATE SINK twice TO KAFKA (topic = 'twice') AS SELECT w, COUNT(*) AS keys, SUM(n) AS n FROM (SELECT time_bucket('10 seconds', ts) AS w, k, COUNT(*) AS n FROM s GROUP BY w, k) GROUP BY w;
`

interface Row {
  readonly partition: number
  readonly value: string
}

const row = (partition: number, seconds: number, k = 'a'): Row => ({
  partition,
  value: JSON.stringify({ k, ts: new Date(START + 1000 * seconds).toISOString() })
})

function topicsOf(rows: readonly Row[]): MemoryTopics {
  const topics = makeMemoryTopics()
  append(topics, rows)
  return topics
}

function append(topics: MemoryTopics, rows: readonly Row[]): void {
  for (const { partition, value } of rows)
    topics.append('s', { key: null, value: toBytes(value), timestamp: START, partition })
}

function compile(script: string) {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  return compileFixture(folder, true).compiled
}

/** The file is gone once it is loaded. */
async function load<T>(make: (path: string) => Promise<T>): Promise<T> {
  const path = join(import.meta.dirname, '_actual', `${randomUUID()}.ts`)
  try {
    return await make(path)
  } finally {
    rmSync(path)
  }
}

async function openTasks(script: string) {
  const compiled = compile(`SET parallelism = 3; ${script}`)
  const { definition, models } = await load(path => loadTopology(compiled, path))
  const run = (topics: MemoryTopics, limits: RunLimits = {}) =>
    runTopologyInMemory(definition, models, topics, limits)
  return { compiled, run }
}

/** The rows that went through an exchange, without what tells the time. */
function sent(topics: MemoryTopics, stage: string): object[] {
  const name = topics.names().find(topic => topic.endsWith(`${stage}-exchange`))
  const values = topics.read(name ?? '').map(({ value }) => Buffer.from(value!).toString())
  return values.filter(text => !text.startsWith('[')).map(text => JSON.parse(text) as object)
}

test('it comes to what one process counts row by row', async () => {
  const random = makeRandom(20_261_127)
  const script = source('') + queries
  const one = compile(script)
  const { run } = await openTasks(script)
  for (let round = 0; round < 6; round++) {
    const times = [0, random(30)]
    const rows = Array.from({ length: 150 }, (): Row => {
      const partition = random(2)
      times[partition]! += random(15) === 0 ? 40 : random(3)
      const late = pick(random, [0, 0, 0, 1, 5, 30])
      const value = {
        k: pick(random, ['a', 'a', 'b', 'ä"', null]),
        m: pick(random, ['1.5', '-2.25', '12345678901234567890.5', null]),
        b: pick(random, [7, -3, 9007199254740991, null]),
        f: pick(random, [0.5, -1.25, 3, null]),
        ok: pick(random, [true, false, null]),
        ts:
          random(30) === 0
            ? null
            : new Date(START + 1000 * (times[partition]! - late)).toISOString()
      }
      // Integers beyond those that JavaScript writes.
      const text = JSON.stringify(value).replaceAll('9007199254740991', '9223372036854775807')
      return { partition, value: text }
    })
    rows.push(row(0, 9_999), row(1, 9_999))
    const expected = topicsOf(rows)
    const pipeline = await load(path => loadPipeline(one, path))
    assert.equal(await runPipelineInMemory(pipeline, expected), null)
    const fold = (topics: MemoryTopics) => foldChanges(writtenRecords(topics, INPUTS), one.graph)
    const ways: readonly (readonly RunLimits[])[] = [
      [{}],
      [{ pollSize: 3 }],
      [{ pollSize: 7, stopAfter: 50 }, { pollSize: 2, stopAfter: 40 }, {}],
      [{ pollSize: 4, commits: 'failing' }],
      [{ pollSize: 3, kills: random }]
    ]
    for (const [way, runs] of ways.entries()) {
      const topics = topicsOf(rows)
      for (const limits of runs) await run(topics, limits)
      const comparison = { ordered: false, tolerance: 1e-9 }
      assertSameTopics(fold(topics), fold(expected), one.graph, comparison, `way ${way}`)
    }
  }
})

test('a group goes once per commit, and the plan says so', async () => {
  const { compiled, run } = await openTasks(source('') + queries)
  const topics = topicsOf(Array.from({ length: 3000 }, (_, i) => row(0, i / 100, `key ${i % 10}`)))
  await run(topics)
  assert.equal(sent(topics, 'totals-groups').length, 10)
  assert.equal(sent(topics, 'windows-groups').length, 30)
  assert.equal(sent(topics, 'whole-groups').length, 1)
  const { plan } = compiled.pipeline
  assert.equal(plan.match(/what the rows of a group come to between two commits/g)?.length, 7)
})

test('what many groups take is bounded: they go before the commit', async () => {
  const { run } = await openTasks(source('') + queries)
  const topics = topicsOf(Array.from({ length: 25_000 }, (_, i) => row(0, 1, `key ${i % 15_000}`)))
  await run(topics, { pollSize: 1000 })
  // Twice there are 10,000 of them; each is there again when most others have gone.
  assert.equal(sent(topics, 'totals-groups').length, 25_000)
})

test('rows go alone where each has a group of its own, and come to the same', async () => {
  const { run } = await openTasks(source('') + queries)
  const rows = (count: number, keyOf: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => row(0, 1, keyOf(i)))
  const topics = topicsOf([
    ...rows(10_000, i => `key ${i}`),
    ...rows(1000, () => 'key 1'),
    ...rows(1, () => 'key 2')
  ])
  await run(topics, { pollSize: 1000 })
  assert.equal(sent(topics, 'totals-groups').length, 11_001)
  // All rows have one group.
  assert.equal(sent(topics, 'whole-groups').length, 1)
  const told = topics
    .read('totals')
    .map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as { k: string; c0: number })
    .filter(({ k }) => k === 'key 1')
  assert.equal(told.at(-1)!.c0, 1001)
})

for (const [query, reason] of [
  ['SELECT k, COUNT(DISTINCT b) AS n FROM s GROUP BY k', 'count(DISTINCT) takes each value'],
  ['SELECT k, STRING_AGG(k, k) AS n FROM s GROUP BY k', 'string_agg takes each value'],
  ['SELECT f, COUNT(*) AS n FROM s GROUP BY f', 'a key is DOUBLE'],
  [
    'SELECT n, COUNT(*) AS m FROM (SELECT k, COUNT(*) AS n FROM s GROUP BY k) GROUP BY n',
    'they may leave again'
  ],
  [
    "SELECT window_start, k, COUNT(*) AS n FROM SESSION(TABLE s PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND) GROUP BY window_start, window_end, k",
    'a session goes by the time of each'
  ]
] as const) {
  test(`each row by itself: ${reason}`, () => {
    const script = `SET parallelism = 3; ${source('')} CREATE SINK o TO KAFKA (topic = 'o', format = 'upsert') AS ${query};`
    assert.ok(compile(script).pipeline.plan.includes(`each row by itself, since ${reason}`))
  })
}

test('rows of a partition that others went on without go alone: each that is late is told', async () => {
  const script = source(" IDLE TIMEOUT INTERVAL '50' MILLISECOND") + queries
  const { run } = await openTasks(script)
  const topics = topicsOf([row(0, 100), row(1, 1)])
  const lateRows = (): string[] => topics.read('s-dlq').map(({ headers }) => String(headers.length))
  // Behind the last record both partitions are silent for longer than that.
  await run(topics)
  assert.equal(sent(topics, 'windows-groups').length, 2)
  assert.deepEqual(lateRows(), [])
  // Another process has them then. They are in time where they are read: the watermark of their partition is at 0 s.
  append(topics, [row(1, 5), row(1, 6), row(1, 7)])
  await run(topics)
  assert.equal(sent(topics, 'windows-groups').length, 5)
  const windows = topics.read('windows').map(({ value }) => Buffer.from(value!).toString())
  assert.equal(windows.length, 1, 'the window is not told again')
  // Two of the groups have windows that are told once.
  assert.equal(lateRows().length, 2 * 3)
})

test('a partition that has caught up with the others is put together again', async () => {
  const script = source(" IDLE TIMEOUT INTERVAL '50' MILLISECOND") + queries
  const { run } = await openTasks(script)
  const topics = topicsOf([row(0, 100), row(1, 1)])
  await run(topics)
  const before = sent(topics, 'windows-groups').length
  // Four polls, each with a commit: two of rows that others may have gone on without, then the partition is ahead of them.
  append(
    topics,
    [90, 91, 92, 93, 110, 111, 112, 113].map(seconds => row(1, seconds))
  )
  await run(topics, { pollSize: 2, commits: 'reliable' })
  assert.equal(sent(topics, 'windows-groups').length - before, 2 + 2 + 2 + 1)
})

test('a record that stops the pipeline takes nothing along that comes again', async () => {
  const { run } = await openTasks(source('', "ON ERROR (action = 'fail')") + queries)
  const topics = topicsOf([row(0, 1), row(0, 2), { partition: 0, value: '{' }])
  for (let start = 0; start < 3; start++) {
    await run(topics)
    assert.equal(sent(topics, 'totals-groups').length, 0)
  }
})
