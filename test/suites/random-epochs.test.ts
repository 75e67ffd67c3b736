import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BatchEngine } from '../support/batch/batch-engine.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { checkEvents } from '../support/random-events/check-events.ts'
import type { RandomEvent } from '../support/random-events/run-ways.ts'

// A BIGINT that is an epoch number as the time of events: its size tells its unit.

const RUNS = Number(process.env['SEEDS'] ?? (process.env['CI'] === undefined ? 12 : 40))
/** RANDOM_EPOCHS_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_EPOCHS_SEED'] ?? 1)
const ROWS = 40
const DELAY = 2000
const STEP = 500

interface Unit {
  readonly perSecond: bigint
  /** In seconds. */
  readonly starts: readonly number[]
}

const [IN_2026, IN_1925] = [Date.UTC(2026, 0, 1), Date.UTC(1925, 5, 30)].map(ms => ms / 1000)
/** In seconds, before the last number that a double has and all behind it. */
const LAST_US = Math.floor(Number.MAX_SAFE_INTEGER / 1e6) - 10
const units: readonly Unit[] = [
  { perSecond: 1n, starts: [IN_2026!, IN_1925!, -10] },
  { perSecond: 1000n, starts: [IN_2026!, IN_1925!] },
  { perSecond: 1_000_000n, starts: [IN_2026!, IN_1925!, LAST_US] },
  { perSecond: 1_000_000_000n, starts: [IN_2026!, IN_1925!] }
]

interface Row {
  readonly id: number
  readonly k: string | null
  readonly n: number | null
  /** The digits of an integer. */
  readonly e: string
}

/** How rows are asked: with the start of their window, `b`, or each with what is before it. */
interface Query {
  readonly seconds: number | null
  readonly ours: string
  readonly batch: string
}

function makeQuery(random: Random): Query {
  if (random(3) === 0) {
    const over = 'OVER (PARTITION BY k ORDER BY e'
    const calls = `COUNT(*) ${over}, id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS c, SUM(n) ${over}) AS total, LAG(n) ${over}, id) AS before`
    const text = `SELECT id, e, ${calls} FROM s`
    return { seconds: null, ours: text, batch: text }
  }
  const seconds = 1 + random(9)
  const bucket = `time_bucket(INTERVAL '${seconds}' SECOND, e)`
  const keyed = random(2) === 0 ? ', k' : ''
  const having = random(4) === 0 ? ' HAVING COUNT(*) > 1' : ''
  const show = (start: string): string =>
    `SELECT ${start} AS b${keyed}, COUNT(*) AS c, SUM(n) AS total, MAX(e) AS last, MIN(e) AS first FROM s GROUP BY ${start}${keyed}${having}`
  return { seconds, ours: show(bucket), batch: show('b') }
}

let engine: BatchEngine
before(async () => (engine = await BatchEngine.open()))
after(() => engine[Symbol.dispose]())

test('epoch numbers are times of events, in whatever unit', async () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = makeRandom(seed)
    const query = makeQuery(random)
    const unit = pick(random, units)
    const { ends, events } = makeEvents(random, unit)
    const script = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (id INT, k TEXT, n INT, e BIGINT, WATERMARK FOR e AS e - INTERVAL '${DELAY / 1000}' SECOND);
CREATE SINK o TO KAFKA (topic = 'o') AS ${query.ours};
`
    const expected = (all: readonly RandomEvent[]) => answer(query, unit, all)
    try {
      const refused = await checkEvents({ script, format: 'append', events, ends, expected }, seed)
      assert.equal(refused, null)
    } catch (cause) {
      throw new Error(`RANDOM_EPOCHS_SEED=${seed}`, { cause })
    }
  }
})

function makeEvents(random: Random, { perSecond, starts }: Unit) {
  const start = pick(random, starts) * 1000
  const disorder = pick(random, [1, 4, 12])
  const make = (row: Omit<Row, 'e'>, ms: number, partition: number): RandomEvent => {
    // What is finer than a millisecond counts, too.
    const fine = perSecond > 1000n ? BigInt((row.id * 7919) % Number(perSecond / 1000n)) : 0n
    const e = floorDivide(BigInt(ms) * perSecond, 1000n) + fine
    // A number in quotes is an integer as well.
    return { topic: 's', partition, timestamp: start, value: { ...row, e: String(e) } }
  }
  let time = start
  const events = Array.from({ length: ROWS }, (_, id) => {
    time += (random(12) === 0 ? random(30) : random(3)) * STEP
    const k = pick(random, ['x', 'y', null])
    const n = random(6) === 0 ? null : random(9) - 4
    return make({ id, k, n }, time - random(disorder) * STEP, random(2))
  })
  const last = { k: 'end', n: 0 }
  const ends = [0, 1].map(partition =>
    make({ id: 1000 + partition, ...last }, start + 3_600_000, partition)
  )
  return { events, ends }
}

function floorDivide(a: bigint, b: bigint): bigint {
  return (a - (((a % b) + b) % b)) / b
}

/** The last rows still wait. */
async function answer(
  { batch, seconds }: Query,
  { perSecond }: Unit,
  events: readonly RandomEvent[]
) {
  const toMs = (epoch: bigint): bigint => floorDivide(epoch * 1000n, perSecond)
  const marks = new Map<number, bigint>()
  const late: string[] = []
  const rows: string[] = []
  for (const { partition, value } of events) {
    const { e, id, k, n } = value as unknown as Row
    const epoch = BigInt(e)
    const seen = toMs(epoch) - BigInt(DELAY)
    const before = marks.get(partition) ?? seen
    const mark = seen > before ? seen : before
    marks.set(partition, mark)
    const width = BigInt(seconds ?? 1) * perSecond
    const start = floorDivide(epoch, width) * width
    const closes = seconds === null ? toMs(epoch) + 1n : toMs(start + width)
    if (closes <= mark) late.push(`{"id":${id}}`)
    else if (id < 1000) {
      const key = k === null ? 'NULL' : `'${k}'`
      rows.push(`SELECT ${id}, ${key}, ${n ?? 'NULL'}, ${e}::BIGINT, ${start}::BIGINT`)
    }
  }
  const none = 'SELECT 0, NULL, NULL::INT, NULL::BIGINT, NULL::BIGINT WHERE FALSE'
  const all = [...rows, none].join(' UNION ALL ')
  return { rows: await engine.query(`WITH s(id, k, n, e, b) AS (${all}) ${batch}`), late }
}
