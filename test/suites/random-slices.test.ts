import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Compiled } from '../../compiler/compile.ts'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { stagesOf } from '../oracle/graph.ts'
import { assertSameTopics } from '../support/compare-records.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import {
  inPassingFile,
  type LoadedPipeline,
  loadPipeline,
  loadTopology
} from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { toBytes } from '../support/records.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'
import { openStateFolder } from '../support/state-folder.ts'

// Windows that are put together of slices, beside the same windows counted one by one: the same script without the optimizer.

/** SEEDS=n runs so many. */
const SEEDS = Number(process.env['SEEDS'] ?? (process.env['CI'] === undefined ? 12 : 80))
/** RANDOM_SLICES_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_SLICES_SEED'] ?? 1)
const ROWS = 120
const SINKS = 4
const START = Date.UTC(2026, 0, 1)
/** What is put together of parts is rounded otherwise. */
const COMPARISON = { ordered: false, tolerance: 1e-9 }

const declared = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (k TEXT, g INT, n INT, b BIGINT, m DECIMAL, f DOUBLE, ok BOOLEAN, t TEXT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '2' SECOND);`

/** Each aggregate that merges; `m` has values of several scales, of which equal ones are spelled in one way. */
const aggregates = [
  ...['COUNT(*)', 'COUNT(n)', 'COUNT(*) FILTER (WHERE ok)', 'SUM(n)', 'SUM(b)', 'SUM(m)', 'SUM(f)'],
  ...[
    'AVG(n)',
    'AVG(b)',
    'AVG(m)',
    'AVG(f)',
    'MIN(n)',
    'MAX(b)',
    'MIN(m)',
    'MAX(f)',
    'MIN(t)',
    'MAX(ts)'
  ],
  ...[
    'BOOL_AND(ok)',
    'BOOL_OR(ok)',
    'VAR_SAMP(f)',
    'VAR_POP(n)',
    'STDDEV_SAMP(b % 1000)',
    'STDDEV_POP(m)'
  ],
  ...[
    'CORR(n, f)',
    'APPROX_COUNT_DISTINCT(t)',
    'APPROX_PERCENTILE(0.5) WITHIN GROUP (ORDER BY f)',
    'SUM(60 / n)'
  ]
]

test('windows in slices come to what windows counted one by one come to', async () => {
  for (let seed = SEED; seed < SEED + SEEDS; seed++) {
    const random = makeRandom(seed)
    const script = makeScript(random)
    try {
      await runSeed(random, script)
    } catch (cause) {
      throw new Error(`RANDOM_SLICES_SEED=${seed}: ${script}`, { cause })
    }
  }
})

function makeScript(random: Random): string {
  const sinks = Array.from({ length: SINKS }, (_, i) => makeSink(`o${i}`, random))
  return [declared, ...sinks].join('\n')
}

function makeSink(name: string, random: Random): string {
  const step = 1 + random(12)
  const isHop = random(3) > 0
  // Some have so many slices that a store has what those come to.
  const most = random(4) === 0 ? 40 : 6
  const size = isHop ? step + 1 + random(most * step) : step * (2 + random(most))
  const offset = random(2) === 0 ? '' : `, INTERVAL '${random(20)}' SECOND`
  const windows = `${isHop ? 'HOP' : 'CUMULATE'}(TABLE s, DESCRIPTOR(ts), INTERVAL '${step}' SECOND, INTERVAL '${size}' SECOND${offset})`
  const keys = pick(random, [[], ['k'], ['g'], ['k', 'g'], ['n % 3']])
  const all = [
    pick(random, ['window_end', 'window_end, window_start', 'window_end, window_time']),
    ...keys
  ]
  const calls = Array.from({ length: 1 + random(4) }, () => pick(random, aggregates))
  const items = [...all, ...calls].join(', ').split(/, (?![^(]*\))/)
  const named = items.map((item, i) => `${item} AS c${i}`)
  const where = random(3) === 0 ? " WHERE t <> 'b'" : ''
  const having = random(4) === 0 ? ' HAVING COUNT(*) > 1' : ''
  return `CREATE SINK ${name} TO KAFKA (topic = '${name}') AS SELECT ${named.join(', ')} FROM ${windows}${where} GROUP BY ${all.join(', ')}${having};`
}

async function runSeed(random: Random, script: string): Promise<void> {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const [plain, sliced] = [false, true].map(optimize => compileFixture(folder, optimize).compiled)
  const { graph } = sliced!
  const groups = stagesOf(graph).filter(node => node.kind === 'Aggregate')
  assert.ok(groups.every(({ slices }) => slices !== null))
  const records = makeRecords(random)
  const expected = await run(await load(plain!), records, [{}])
  const pipeline = await load(sliced!)
  const stored = await loadOnDisk(script)
  const stops = Array.from({ length: 2 }, () => ({
    stopAfter: random(ROWS),
    pollSize: 1 + random(9)
  }))
  const ways: readonly (readonly RunLimits[])[] = [
    [{}],
    [...stops, {}],
    [{ pollSize: 4, commits: 'failing' }],
    [{ pollSize: 3, kills: random }]
  ]
  const inMemory = await run(pipeline, records, [{}])
  assertSameTopics(inMemory, expected, graph, COMPARISON, 'in memory')
  // What is put together of the same slices is rounded in the same way, so that most is the same to the byte: that is quicker to see.
  const texts = textsOf(inMemory)
  for (const [i, runs] of ways.entries()) {
    for (const place of ['memory', 'disk']) {
      using state = openStateFolder()
      const on = place === 'disk' ? { disk: state.path } : {}
      const placed = runs.map(limits => ({ ...limits, ...on }))
      const written = await run(place === 'disk' ? stored : pipeline, records, placed)
      const title = `way ${i}, ${place}`
      if (isDeepStrictEqual(textsOf(written), texts)) continue
      assertSameTopics(written, inMemory, graph, { ordered: false, tolerance: 0 }, title)
    }
  }
  // In tasks a row that fails does so before anybody asks whether it is late.
  if (script.includes('60 / n')) return
  const written = await runInTasks(script, records, pick(random, ways))
  assertSameTopics(written, expected, graph, COMPARISON, 'in tasks')
}

/** The records of each topic, in an order of their own. */
function textsOf(topics: ReturnType<typeof writtenRecords>): Map<string, string[]> {
  const textOf = (bytes: Uint8Array | null): string | null =>
    bytes === null ? null : Buffer.from(bytes).toString('latin1')
  return new Map(
    Array.from(topics, ([topic, records]) => {
      const texts = records.map(({ key, value, error, op }) =>
        JSON.stringify([textOf(key), textOf(value), error, op])
      )
      return [topic, texts.sort()]
    })
  )
}

function load(compiled: Compiled): Promise<LoadedPipeline> {
  return inPassingFile(path => loadPipeline(compiled, path))
}

/** Groups of slices are kept in another way on the disk than in memory. */
function loadOnDisk(script: string): Promise<LoadedPipeline> {
  using folder = openScriptFolder(new TextEncoder().encode(`SET state = 'lmdb'; ${script}`))
  return load(compileFixture(folder, true).compiled)
}

async function runInTasks(
  script: string,
  records: readonly Record[],
  runs: readonly RunLimits[]
): Promise<ReturnType<typeof writtenRecords>> {
  using folder = openScriptFolder(new TextEncoder().encode(`SET parallelism = 3; ${script}`))
  const { compiled } = compileFixture(folder, true)
  const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
  const topics = topicsOf(records)
  for (const limits of runs) await runTopologyInMemory(definition, models, topics, limits)
  return writtenRecords(topics, new Map([['s', []]]))
}

interface Record {
  readonly partition: number
  readonly value: string
}

/** Two partitions that run apart, with rows that are late for some of their windows, and gaps. A last one closes all. */
function makeRecords(random: Random): Record[] {
  const times = [START, START - random(60) * 1000]
  const records = Array.from({ length: ROWS }, (): Record => {
    const partition = random(2)
    times[partition]! += random(20) === 0 ? random(300) * 1000 : random(6) * 500
    const late = pick(random, [0, 0, 0, 2, 10, 40, 120])
    return {
      partition,
      value: JSON.stringify(makeRow(random, times[partition]! - random(late + 1) * 500))
    }
  })
  const end = { ...makeRow(random, START + 86_400_000), k: 'end' }
  return [...records, ...[0, 1].map(partition => ({ partition, value: JSON.stringify(end) }))]
}

function makeRow(random: Random, time: number): object {
  // Groups of this key see nothing but NULL.
  const k = pick(random, ['a', 'a', 'b', null, 'empty'])
  const value = <T>(values: readonly T[]): T | null => (k === 'empty' ? null : pick(random, values))
  return {
    k,
    g: random(3),
    n: value([1, 2, 3, 5, 0, null]),
    b: value([7, -3, 9007199254740991, null]),
    m: value([0.1, -2.25, 3, 4.125, null]),
    f: value([0.5, -1.25, 1e6, 3, null]),
    ok: value([true, false, null]),
    t: value(['a', 'b', 'ä', '', null]),
    ts: random(40) === 0 ? null : new Date(time).toISOString()
  }
}

async function run(
  pipeline: LoadedPipeline,
  records: readonly Record[],
  runs: readonly RunLimits[]
): Promise<ReturnType<typeof writtenRecords>> {
  const topics = topicsOf(records)
  for (const limits of runs) assert.equal(await runPipelineInMemory(pipeline, topics, limits), null)
  return writtenRecords(topics, new Map([['s', []]]))
}

function topicsOf(records: readonly Record[]): MemoryTopics {
  const topics = makeMemoryTopics()
  for (const { partition, value } of records) {
    topics.append('s', {
      key: null,
      value: toBytes(value),
      timestamp: START,
      partition,
      headers: []
    })
  }
  return topics
}
