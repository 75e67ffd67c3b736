import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { BatchEngine } from '../support/batch/batch-engine.ts'
import { assertSameRows } from '../support/changelog/compare-rows.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { inPassingFile, loadPipeline } from '../support/load-pipeline.ts'
import { writtenRecords } from '../support/memory-records.ts'
import { makeOverQuery, type OverQuery } from '../support/random-over/make-over-query.ts'
import { toBytes } from '../support/records.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { openStateFolder } from '../support/state-folder.ts'

const RUNS = process.env['CI'] === undefined ? 40 : 600
/** RANDOM_OVER_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_OVER_SEED'] ?? 1)
const ROWS = 60
const START = Date.UTC(2026, 0, 1)
/** Rows come at most so late that none is behind the watermark. */
const DELAY = 3000
const STEP = 500
/** Means are rounded otherwise; sums are of quarters, and exact. */
const TOLERANCE = 1e-12

const declared = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (id INT, k TEXT, p INT, n BIGINT, d DOUBLE, t TEXT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '3' SECOND);
CREATE SINK o TO KAFKA (topic = 'o') AS `

let engine: BatchEngine
before(async () => (engine = await BatchEngine.open()))
after(() => engine[Symbol.dispose]())

test('window functions in the order of time give what the batch engine gives', async () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = makeRandom(seed)
    const query = makeOverQuery(random)
    try {
      await runSeed(random, query)
    } catch (cause) {
      throw new Error(`RANDOM_OVER_SEED=${seed}: ${query.text}`, { cause })
    }
  }
})

async function runSeed(random: Random, query: OverQuery): Promise<void> {
  const events = makeEvents(random)
  using folder = openScriptFolder(new TextEncoder().encode(`${declared}${query.text};\n`))
  const { compiled } = compileFixture(folder, random(2) === 0)
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  const rows = await run(random, pipeline, events)
  const expected = await answer(query, events)
  const { schema } = compiled.graph.sinks[0]!
  assertSameRows(rows, expected, schema, TOLERANCE, query.text)
}

interface Event {
  readonly id: number
  readonly k: string | null
  readonly p: number
  readonly n: number | null
  readonly d: number
  readonly t: string | null
  readonly ts: number
}

/** Each partition of the topic has disorder within the delay, and ends behind all others. */
function makeEvents(random: Random): Event[] {
  const events: Event[] = []
  let time = START
  for (let id = 0; id < ROWS; id++) {
    time += random(3) * STEP
    events.push({
      id,
      k: pick(random, ['x', 'y', 'z', null]),
      p: random(2),
      n: random(6) === 0 ? null : random(9) - 4,
      d: random(40) / 4,
      t: random(5) === 0 ? null : pick(random, ['a', 'b', 'ä', '']),
      ts: time - random(DELAY / STEP + 1) * STEP
    })
  }
  const end = START + ROWS * 2 * STEP + 20 * DELAY
  const last = { k: 'end', n: 1, d: 0, t: null, ts: end }
  return [...events, ...[0, 1].map(p => ({ id: ROWS + p, p, ...last }))]
}

/** What it writes in two or three runs, one after the other, as JSON; each third time its state is on the disk. */
async function run(
  random: Random,
  pipeline: Awaited<ReturnType<typeof loadPipeline>>,
  events: readonly Event[]
): Promise<readonly string[]> {
  const topics = makeMemoryTopics()
  for (const event of events) {
    const value = toBytes(JSON.stringify(event))
    topics.append('s', { key: null, value, timestamp: START, partition: event.p, headers: [] })
  }
  const pollSize = pick(random, [1, 3, 20, Infinity])
  const commits = random(4) === 0 ? ({ commits: 'failing' } as const) : {}
  using folder = openStateFolder()
  const disk = random(3) === 0 ? { disk: folder.path } : {}
  const stops = Array.from({ length: 1 + random(2) }, () => ({ stopAfter: random(ROWS) }))
  for (const limits of [...stops, {}]) {
    const all: RunLimits = { pollSize, ...commits, ...disk, ...limits }
    assert.equal(await runPipelineInMemory(pipeline, topics, all), null)
  }
  const written = writtenRecords(topics, new Map([['s', []]]))
  assert.deepEqual([...written.keys()], ['o'], 'there are no dead letters')
  return written.get('o')!.map(({ value }) => new TextDecoder().decode(value!))
}

/** The last events still wait. */
async function answer({ text, told }: OverQuery, events: readonly Event[]) {
  const rows = events
    .filter(({ id }) => id < ROWS)
    .map(({ id, k, p, n, d, t, ts }) => {
      const time = new Date(ts).toISOString().slice(0, -1)
      return `(${id}, ${quote(k)}, ${p}, ${n ?? 'NULL'}::BIGINT, ${d}::DOUBLE, ${quote(t)}, TIMESTAMP '${time}')`
    })
  const qualify = told === null ? '' : ` QUALIFY ${told}`
  return engine.query(
    `WITH s(id, k, p, n, d, t, ts) AS (VALUES ${rows.join(', ')}) ${text}${qualify}`
  )
}

function quote(text: string | null): string {
  return text === null ? 'NULL' : `'${text}'`
}
