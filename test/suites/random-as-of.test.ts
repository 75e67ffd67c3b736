import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { BatchEngine } from '../support/batch/batch-engine.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { asOfScript, type AsOfQuery, makeAsOf } from '../support/random-as-of/make-as-of.ts'
import { type AsOfRow, joinAsOf, type JoinedRow } from '../support/random-as-of/model-as-of.ts'
import { checkEvents } from '../support/random-events/check-events.ts'
import type { RandomEvent } from '../support/random-events/run-ways.ts'

// Each event beside the last row before it: of streams that are late, out of order, and far behind one another.

const RUNS = Number(process.env['SEEDS'] ?? (process.env['CI'] === undefined ? 20 : 60))
/** RANDOM_AS_OF_SEED=n begins with that one. */
const SEED = Number(process.env['RANDOM_AS_OF_SEED'] ?? 1)
const ROWS = 50
const START = Date.UTC(2026, 0, 1)
const STEP = 500

let engine: BatchEngine
before(async () => (engine = await BatchEngine.open()))
after(() => engine[Symbol.dispose]())

test('an event meets the last row before it, whenever either came', async () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    const random = makeRandom(seed)
    const query = makeAsOf(random)
    const { ends, events } = makeEvents(random, query)
    const script = asOfScript(query)
    const expected = (all: readonly RandomEvent[]) => answer(query, all)
    try {
      const refused = await checkEvents(
        { script, format: 'debezium', events, ends, expected },
        seed
      )
      assert.equal(refused, null)
    } catch (cause) {
      throw new Error(`RANDOM_AS_OF_SEED=${seed}`, { cause })
    }
  }
})

/** Three partitions of each topic, of which some are behind the others, and some have nothing to say. */
function makeEvents(random: Random, query: AsOfQuery) {
  const places = ['e', 'v'].flatMap(topic => [0, 1, 2].map(partition => ({ topic, partition })))
  const all = places.map(place => {
    const behind = random(3) * random(12) * STEP
    return { ...place, behind, isIdle: random(6) === 0 }
  })
  const disorder = pick(random, [1, 4, 12])
  let time = START
  const events = Array.from({ length: ROWS }, (_, id): RandomEvent[] => {
    time += (random(12) === 0 ? random(30) : random(3)) * STEP
    const { behind, isIdle, partition, topic } = pick(random, all)
    const ts = random(15) === 0 ? null : time - behind - random(disorder) * STEP
    if (isIdle) return []
    const row = { id, n: makeNumber(random), ts }
    const place = { topic, partition, timestamp: time - random(8) * STEP }
    if (topic === 'e')
      return [{ ...place, value: { ...row, k: pick(random, ['x', 'y', 'z', null]) } }]
    return [{ ...place, ...makeVersion(random, query, row, partition) }]
  })
  const ends = places.map(({ partition, topic }) => makeEnd(topic, partition, query))
  return { events: events.flat(), ends }
}

/** Rows of one key are in one partition: their order decides. */
function makeVersion(
  random: Random,
  { rows }: AsOfQuery,
  row: Omit<AsOfRow, 'k'>,
  partition: number
): Pick<RandomEvent, 'key' | 'value'> {
  const k = ['x', 'y', 'z'][partition]!
  if (rows === 'topic') return { key: k, value: random(6) === 0 ? null : { ...row, k } }
  if (rows === 'table') return { value: { ...row, k } }
  // Without a key two rows of one time must be told apart.
  const ts = row.ts === null ? null : row.ts + partition
  return { value: { ...row, k: random(8) === 0 ? null : k, ts } }
}

function makeNumber(random: Random): number | null {
  return random(6) === 0 ? null : random(9) - 4
}

/** Behind all times; no row meets another. */
function makeEnd(topic: string, partition: number, { rows }: AsOfQuery): RandomEvent {
  const timestamp = START + 3_600_000
  const k = `end ${topic} ${partition}`
  const key = topic === 'v' && rows === 'topic' ? { key: k } : {}
  return { topic, partition, timestamp, ...key, value: { id: 1000, k, n: 0, ts: timestamp } }
}

/** The last events of `e` still wait. */
async function answer(query: AsOfQuery, events: readonly RandomEvent[]) {
  const { joined, late } = joinAsOf(query, events)
  const rows = joined.filter(({ id }) => id < 1000).map(showRow)
  // A VALUES without rows is none.
  const none = 'SELECT 0, NULL, NULL::TIMESTAMP, NULL::INT, NULL::INT WHERE FALSE'
  const all = [...rows, none].join(' UNION ALL ')
  const told = await engine.query(`WITH j(id, k, ts, vid, vn) AS (${all}) ${query.of}`)
  return { rows: told, late: late.map(id => `{"id":${id}}`) }
}

function showRow({ id, k, ts, vid, vn }: JoinedRow): string {
  const time =
    ts === null ? 'NULL::TIMESTAMP' : `TIMESTAMP '${new Date(ts).toISOString().slice(0, -1)}'`
  return `SELECT ${id}, ${k === null ? 'NULL' : `'${k}'`}, ${time}, ${vid ?? 'NULL'}, ${vn ?? 'NULL'}`
}
