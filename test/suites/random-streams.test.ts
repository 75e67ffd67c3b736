import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Compiled, compileScript } from '../../compiler/compile.ts'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { BatchEngine } from '../support/batch/batch-engine.ts'
import { assertSameRows } from '../support/changelog/compare-rows.ts'
import { foldChangelog } from '../support/changelog/fold-changelog.ts'
import { openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { inPassingFile, loadPipeline, loadTopology } from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { makeStreamQuery, type StreamQuery } from '../support/random-streams/make-stream-query.ts'
import { type FixtureRecord, toBytes } from '../support/records.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'
import { openStateFolder } from '../support/state-folder.ts'

const RUNS = Number(process.env['SEEDS'] ?? (process.env['CI'] === undefined ? 30 : 300))
/** RANDOM_STREAMS_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_STREAMS_SEED'] ?? 1)
const ROWS = 24
/** The watermark stays so far behind. */
const DELAY = 3000
const STEP = 500
/** Means are rounded otherwise; sums are of quarters, and exact. */
const TOLERANCE = 1e-12

/** What the compiler may say of such a query. */
const REFUSALS = new Set(['not-supported-yet', 'changelog-not-supported', 'session-key-missing'])
const topicNames = ['s', 'r'] as const
const columns = 'id INT, k TEXT, n BIGINT, d DOUBLE, ts TIMESTAMP'

/** How topics tell times, and where those begin, in ms. */
interface Epoch {
  /** Null: as ISO 8601. */
  readonly unit: 'ms' | 'us' | 'ns' | null
  readonly start: number
}

const IN_2026 = Date.UTC(2026, 0, 1)
const BEFORE_1970 = Date.UTC(1925, 5, 30, 23, 59, 50)
/** Before the last number that a double has, and all behind it, in µs and ns. */
const [LAST_US, LAST_NS] = [1e3, 1e6].map(
  perMs => Math.floor(Number.MAX_SAFE_INTEGER / perMs) - 10_000
)
const epochs: readonly Epoch[] = [
  ...Array.from({ length: 4 }, () => ({ unit: null, start: IN_2026 })),
  ...[BEFORE_1970, -10_000].map(start => ({ unit: null, start })),
  ...[IN_2026, BEFORE_1970, -10_000].map(start => ({ unit: 'ms', start }) as const),
  ...[IN_2026, BEFORE_1970, -10_000, LAST_US!].map(start => ({ unit: 'us', start }) as const),
  ...[IN_2026, BEFORE_1970, -10_000, LAST_NS!].map(start => ({ unit: 'ns', start }) as const)
]

let engine: BatchEngine
before(async () => (engine = await BatchEngine.open()))
after(() => engine[Symbol.dispose]())

test('what is made of events with time is what the batch engine makes of all of them', async t => {
  const refused = new Map<string, number>()
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = makeRandom(seed)
    const query = makeStreamQuery(random)
    const epoch = pick(random, epochs)
    try {
      for (const code of await runSeed(random, query, epoch))
        refused.set(code, (refused.get(code) ?? 0) + 1)
    } catch (cause) {
      throw new Error(`RANDOM_STREAMS_SEED=${seed}: ${scriptOf(query, epoch)}`, { cause })
    }
  }
  t.diagnostic(`refused: ${[...refused].map(([code, count]) => `${code} ${count}`).join(', ')}`)
  assert.ok([...refused.values()].reduce((sum, count) => sum + count, 0) < RUNS / 10)
})

function scriptOf({ query, settings, views }: StreamQuery, { unit }: Epoch): string {
  const parameter = unit === null ? '' : `, timestamp_unit = '${unit}'`
  // The last events have no other use than to tell the time.
  const declared = topicNames.map(
    name => `CREATE SOURCE all_${name} FROM KAFKA (topic = '${name}'${parameter}) SCHEMA (${columns}, WATERMARK FOR ts AS ts - INTERVAL '3' SECOND);
CREATE VIEW ${name} AS SELECT * FROM all_${name} WHERE k IS DISTINCT FROM 'end';`
  )
  const shown = views.map(({ name, ours }) => `CREATE VIEW ${name} AS ${ours};`)
  const sink = `CREATE SINK o TO KAFKA (topic = 'o', format = 'debezium') AS ${query.ours};\n`
  return [settings, ...declared, ...shown, sink].join('\n')
}

/** The codes of what the compiler refuses. */
async function runSeed(
  random: Random,
  query: StreamQuery,
  epoch: Epoch
): Promise<readonly string[]> {
  // Groups are kept in another way on the disk than in memory.
  const isOnDisk = random(3) === 0
  const script = `${isOnDisk ? "SET state = 'lmdb';\n" : ''}${scriptOf(query, epoch)}`
  const compiled = compile(script, random(2) === 0)
  if (Array.isArray(compiled)) return compiled
  const events = makeEvents(random, epoch)
  const expected = await answer(query, events)
  const { schema } = compiled.graph.sinks[0]!
  for (const way of ['alone', 'in tasks'] as const) {
    using folder = openStateFolder()
    const disk = isOnDisk ? { disk: folder.path } : {}
    const written = await run(random, way === 'alone' ? compiled : script, events, epoch, disk)
    assert.deepEqual(written.problems, [], way)
    assertSameRows(written.rows, expected.rows, schema, TOLERANCE, way)
    assert.deepEqual(written.late, expected.late, `late rows, ${way}`)
  }
  return []
}

function compile(script: string, optimize: boolean): Compiled | string[] {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const session = folder.session(optimize)
  const compiled = compileScript(session)
  if (compiled !== null) return compiled
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  const codes = errors.map(({ code }) => code)
  assert.deepEqual(
    codes.filter(code => !REFUSALS.has(code)),
    [],
    errors.map(({ message }) => message).join('\n')
  )
  return codes
}

interface Event {
  readonly topic: (typeof topicNames)[number]
  readonly partition: number
  readonly id: number
  readonly k: string | null
  readonly n: number | null
  readonly d: number
  readonly ts: number
}

/**
 * The partitions of both topics end behind all times. In some seeds they have disorder within the delay, in others rows that are late,
 * leaps of time, and partitions that are behind the others.
 */
function makeEvents(random: Random, { start }: Epoch): Event[] {
  const events: Event[] = []
  const isLate = random(3) > 0
  const behind = topicNames.map(() => [0, 1].map(() => (isLate ? random(3) * random(20) : 0)))
  let time = start
  for (let id = 0; id < 2 * ROWS; id++) {
    time += (isLate && random(12) === 0 ? random(40) : random(3)) * STEP
    const [topic, partition] = [random(2), random(2)]
    const steps = random(isLate && random(4) === 0 ? 40 : DELAY / STEP + 1)
    events.push({
      topic: topicNames[topic]!,
      partition,
      id,
      k: pick(random, ['x', 'y', 'z', null]),
      n: random(6) === 0 ? null : random(9) - 4,
      d: random(40) / 4,
      ts: time - (steps + behind[topic]![partition]!) * STEP
    })
  }
  const last = { k: 'end', n: 1, d: 0, ts: start + 3_600_000, id: 0 }
  const ends = topicNames.flatMap(topic => [0, 1].map(partition => ({ topic, partition, ...last })))
  return [...events, ...ends]
}

/** What it writes comes to in some runs, one after the other. A script is run in tasks. */
async function run(
  random: Random,
  of: Compiled | string,
  events: readonly Event[],
  { unit }: Epoch,
  disk: RunLimits
) {
  const topics = makeMemoryTopics()
  for (const { partition, topic, ...event } of events) {
    const value = toBytes(showEvent(event, unit))
    topics.append(topic, { key: null, value, timestamp: IN_2026, partition, headers: [] })
  }
  const commits = pick(random, [{}, {}, { commits: 'failing' }, { kills: random }] as const)
  const limits: RunLimits = { pollSize: pick(random, [1, 3, 20, Infinity]), ...disk, ...commits }
  const start = typeof of === 'string' ? await startTasks(of) : await startAlone(of)
  const stops = Array.from({ length: random(3) }, () => ({ stopAfter: random(2 * ROWS) }))
  for (const more of [...stops, {}]) await start(topics, { ...limits, ...more })
  const written = writtenRecords(topics, new Map(topicNames.map(name => [name, []])))
  const fold = foldChangelog(written.get('o') ?? [], 'debezium')
  const letters = [...written].flatMap(([name, records]) => (name === 'o' ? [] : records))
  return { rows: fold.rows(), problems: fold.problems, late: letters.map(readLate).sort() }
}

/** What is finer than a millisecond makes no difference. */
function showEvent({ ts, ...event }: Omit<Event, 'topic' | 'partition'>, unit: Epoch['unit']) {
  const perMs = { ms: 1, us: 1000, ns: 1_000_000 }[unit ?? 'ms']
  const epoch = BigInt(ts) * BigInt(perMs) + BigInt((event.id * 7919) % perMs)
  const time = unit === null ? JSON.stringify(new Date(ts)) : epoch
  return `${JSON.stringify(event).slice(0, -1)},"ts":${time}}`
}

/** The id of the event that is late. */
function readLate({ error, value }: FixtureRecord): string {
  assert.deepEqual(error, { code: 'late-row', column: null })
  const { id } = JSON.parse(new TextDecoder().decode(value!)) as Event
  return `{"id":${id}}`
}

type Start = (topics: MemoryTopics, limits: RunLimits) => Promise<void>

async function startAlone(compiled: Compiled): Promise<Start> {
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  return async (topics, limits) => {
    assert.equal(await runPipelineInMemory(pipeline, topics, limits), null)
  }
}

async function startTasks(script: string): Promise<Start> {
  const compiled = compile(`SET parallelism = 3;\n${script}`, true)
  assert.ok(!Array.isArray(compiled))
  if (!compiled.pipeline.typescript.includes('PipelineTopology')) return startAlone(compiled)
  const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
  return (topics, limits) => runTopologyInMemory(definition, models, topics, limits)
}

/** The rows of the query, and the ids of the events that are late, once for each stage that they are late for. */
async function answer({ late, query, views }: StreamQuery, events: readonly Event[]) {
  const marks = watermarks(events)
  const tables = topicNames.map(topic => {
    const rows = events.flatMap(({ id, k, n, d, ts, ...event }, i) => {
      if (event.topic !== topic || k === 'end') return []
      const key = k === null ? 'NULL' : `'${k}'`
      const times = [ts, marks[i]!].map(showTime).join(', ')
      return [`(${id}, ${key}, ${n ?? 'NULL'}::BIGINT, ${d}::DOUBLE, ${times})`]
    })
    return `${topic}(id, k, n, d, ts, mark) AS (VALUES ${rows.join(', ')})`
  })
  const all = [...tables, ...views.map(({ batch, name }) => `${name} AS (${batch})`)]
  const ask = (text: string) => engine.query(`WITH ${all.join(', ')} ${text}`)
  const ids = late.length === 0 ? [] : await ask(late.join(' UNION ALL '))
  return { rows: await ask(query.batch), late: ids.toSorted() }
}

/** That of the partition of each event, when it has come. */
function watermarks(events: readonly Event[]): readonly number[] {
  const marks = new Map<string, number>()
  return events.map(({ topic, partition, ts }) => {
    const mark = Math.max(marks.get(`${topic} ${partition}`) ?? -Infinity, ts - DELAY)
    marks.set(`${topic} ${partition}`, mark)
    return mark
  })
}

function showTime(ms: number): string {
  return `TIMESTAMP '${new Date(ms).toISOString().slice(0, -1)}'`
}
