import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { BatchEngine } from '../support/batch/batch-engine.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { type LoadedPipeline, loadPipeline } from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { toBytes } from '../support/records.ts'
import { runPipelineInMemory, type RunLimits } from '../support/run-pipeline.ts'

const RUNS = process.env['CI'] === undefined ? 40 : 400
/** AS_OF_SEED=n begins with that one. */
const SEED = Number(process.env['AS_OF_SEED'] ?? 1)
const ROWS = 60
const START = Date.UTC(2026, 0, 1)
/** Rows come at most so late that none is behind the watermark. */
const DELAY = 3000
const STEP = 500

const declared = `CREATE SOURCE a FROM KAFKA (topic = 'a') SCHEMA (n INT, k TEXT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '3' SECOND);
CREATE SOURCE b FROM KAFKA (topic = 'b') SCHEMA (k TEXT, v INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '3' SECOND);
CREATE SOURCE t FROM KAFKA (topic = 't', format = 'upsert') SCHEMA (k TEXT, v INT, ts TIMESTAMP, PRIMARY KEY (k), WATERMARK FOR ts AS ts - INTERVAL '3' SECOND);
`

/** Of versions of one time the later arrival is the one: the batch engine would take any. */
function lastOf(rows: string): string {
  return `SELECT * FROM ${rows} QUALIFY row_number() OVER (PARTITION BY k, ts ORDER BY n DESC) = 1`
}

/** Each in our dialect and, where it differs, for the batch engine, whose versions have no row where one was deleted. */
const queries: Readonly<Record<string, readonly [ours: string, batch?: string]>> = {
  inner: ['SELECT a.n, b.v FROM a ASOF JOIN b ON a.k = b.k AND a.ts >= b.ts'],
  left: ['SELECT a.n, b.v FROM a ASOF LEFT JOIN b ON a.k = b.k AND a.ts >= b.ts'],
  strict: ['SELECT a.n, b.v FROM a ASOF LEFT JOIN b ON a.k = b.k AND a.ts > b.ts'],
  later: [
    "SELECT a.n, b.v FROM a ASOF JOIN b ON a.k = b.k AND a.ts >= b.ts + INTERVAL '2' SECOND",
    "SELECT a.n, b.v FROM a ASOF JOIN (SELECT k, v, ts + INTERVAL '2' SECOND AS ts FROM b) b ON a.k = b.k AND a.ts >= b.ts"
  ],
  some: [
    'SELECT a.n, b.v FROM a ASOF LEFT JOIN b ON a.k = b.k AND a.ts >= b.ts AND b.v > 40',
    `SELECT a.n, b.v FROM a ASOF LEFT JOIN (${lastOf('all_b WHERE v > 40')}) b ON a.k = b.k AND a.ts >= b.ts`
  ],
  versions: [
    'SELECT a.n, t.v FROM a JOIN t FOR SYSTEM_TIME AS OF a.ts ON a.k = t.k',
    'SELECT a.n, t.v FROM a ASOF JOIN t ON a.k = t.k AND a.ts >= t.ts WHERE t.v IS NOT NULL'
  ],
  ever: [
    'SELECT a.n, t.v FROM a LEFT JOIN t FOR SYSTEM_TIME AS OF a.ts ON a.k = t.k AND t.v > 40',
    'SELECT a.n, CASE WHEN t.v > 40 THEN t.v END AS v FROM a ASOF LEFT JOIN t ON a.k = t.k AND a.ts >= t.ts'
  ]
}

interface Event {
  readonly k: string | null
  /** Null: a tombstone. */
  readonly v: number | null
  readonly ts: number | null
  readonly partition: number
}

let engine: BatchEngine
let pipelines: readonly LoadedPipeline[]
before(async () => {
  engine = await BatchEngine.open()
  const sinks = Object.entries(queries).map(
    ([name, [ours]]) => `CREATE SINK ${name}_k TO KAFKA (topic = '${name}') AS ${ours};\n`
  )
  using folder = openScriptFolder(new TextEncoder().encode(declared + sinks.join('')))
  pipelines = await Promise.all(
    [true, false].map(optimize =>
      loadPipeline(
        compileFixture(folder, optimize).compiled,
        `${import.meta.dirname}/_actual/as-of-${optimize}.ts`
      )
    )
  )
})
after(() => engine[Symbol.dispose]())

test('rows meet what the batch engine finds before them, whichever side is read first', async () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = makeRandom(seed)
    const inputs = { a: makeEvents(random), b: makeEvents(random), t: makeVersions(random) }
    const expected = await answer(inputs)
    const written = await run(random, inputs)
    for (const name of Object.keys(queries)) {
      assert.deepEqual(written.get(name), expected.get(name), `AS_OF_SEED=${seed}: ${name}`)
    }
  }
})

type Inputs = Readonly<Record<'a' | 'b' | 't', readonly Event[]>>

/** Each partition has disorder within the delay, and ends behind all others. */
function makeEvents(random: Random, nulls = true): Event[] {
  const events: Event[] = []
  let time = START
  for (let i = 0; i < ROWS; i++) {
    time += random(3) * STEP
    const k = nulls && random(15) === 0 ? null : pick(random, ['x', 'y', 'z'])
    const ts = nulls && random(20) === 0 ? null : time - random(DELAY / STEP + 1) * STEP
    events.push({ k, v: random(100), ts, partition: k === 'x' ? 1 : 0 })
  }
  const end = START + ROWS * 2 * STEP + 10 * DELAY
  return [...events, ...[0, 1].map(partition => ({ k: 'end', v: 0, ts: end, partition }))]
}

function makeVersions(random: Random): Event[] {
  const isEnd = ({ k }: Event): boolean => k === 'end'
  return makeEvents(random, false).map(event =>
    !isEnd(event) && random(5) === 0 ? { ...event, v: null } : event
  )
}

async function run(
  random: Random,
  inputs: Inputs
): Promise<ReadonlyMap<string, readonly string[]>> {
  const topics = makeMemoryTopics()
  for (const name of ['a', 'b', 't'] as const) append(topics, name, inputs[name])
  const pipeline = pick(random, pipelines)
  const pollSize = pick(random, [1, 3, 20, Infinity])
  const runs: RunLimits[] = [{ pollSize, stopAfter: random(3 * ROWS) }, { pollSize }]
  for (const limits of runs) {
    assert.equal(await runPipelineInMemory(pipeline, topics, limits), null)
  }
  const written = writtenRecords(topics, new Map(Object.keys(inputs).map(name => [name, []])))
  assert.deepEqual(
    [...written.keys()].filter(name => name.endsWith('-dlq')),
    []
  )
  return new Map(
    Object.keys(queries).map(name => [
      name,
      (written.get(name) ?? []).map(({ value }) => new TextDecoder().decode(value!)).toSorted()
    ])
  )
}

function append(topics: MemoryTopics, topic: string, events: readonly Event[]): void {
  for (const [n, { k, v, ts, partition }] of events.entries()) {
    const isDelete = topic === 't' && v === null
    const value = isDelete ? null : JSON.stringify({ n, k, v, ts })
    const parts = { key: toBytes(k), value: toBytes(value), timestamp: ts ?? START, partition }
    topics.append(topic, { ...parts, headers: [] })
  }
}

/** The last events still wait. */
async function answer(inputs: Inputs): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = [
    `a(n, k, v, ts) AS (${showRows(inputs.a)})`,
    ...(['b', 't'] as const).flatMap(name => [
      `all_${name}(n, k, v, ts) AS (${showRows(inputs[name])})`,
      `${name} AS (${lastOf(`all_${name}`)})`
    ])
  ]
  const answers = new Map<string, readonly string[]>()
  for (const [name, [ours, batch = ours]] of Object.entries(queries)) {
    const rows = await engine.query(
      `WITH ${tables.join(', ')} SELECT * FROM (${batch}) WHERE n < ${ROWS}`
    )
    answers.set(name, rows.toSorted())
  }
  return answers
}

function showRows(events: readonly Event[]): string {
  const lines = events.map(({ k, v, ts }, n) => {
    const time = ts === null ? 'NULL' : `TIMESTAMP '${new Date(ts).toISOString().slice(0, -1)}'`
    return `(${n}, ${k === null ? 'NULL' : `'${k}'`}, ${String(v)}, ${time})`
  })
  return `VALUES ${lines.join(', ')}`
}
