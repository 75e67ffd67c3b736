import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TopDefinition } from '../../../runtime/contract/index.ts'
import { TopState } from '../../../runtime/state/index.ts'
import { makeRandom, type Random } from '../../support/functions/random-value.ts'
import { KeptState, type Place, places } from '../../support/kept-state.ts'

type Row = readonly [partition: number, value: number, id: number]
type Rank = TopDefinition['rank']

const ranks: readonly Rank[] = ['ROW_NUMBER', 'RANK', 'DENSE_RANK']

function define(rank: Rank, options: Partial<TopDefinition<Row>>): TopDefinition<Row> {
  const comparePlaces = (a: Row, b: Row): number => a[1] - b[1]
  return {
    ...{ name: 'top', layout: 'test', columns: ['p', 'v', 'id'], sources: [], line: 1 },
    ...{ rank, from: 1, to: 3, placed: true, tells: 'rows', compare: comparePlaces, comparePlaces },
    windowOf: () => null,
    partitionOf: ([partition]) => partition,
    keyOf: ([, , id]) => id,
    closesAt: () => Infinity,
    ...options
  }
}

/** The same rows with all that there are, sorted anew. */
function expected(rows: readonly Row[], { rank, from, to }: TopDefinition<Row>): string[] {
  return [...Map.groupBy(rows, ([partition]) => partition).values()].flatMap(part => {
    const sorted = part.toSorted((a, b) => a[1] - b[1])
    return sorted.flatMap((row, i) => {
      const first = sorted.findIndex(other => other[1] === row[1])
      const values = new Set(sorted.slice(0, first).map(other => other[1]))
      const places = { ROW_NUMBER: i + 1, RANK: first + 1, DENSE_RANK: values.size + 1 }
      const place = places[rank]
      return place >= from && place <= to ? [String([...row, place])] : []
    })
  })
}

/** What the changes that a state tells come to. */
class Folded {
  readonly #rows: string[] = []

  tell(state: TopState<Row>): void {
    const parts = state.tell((op, before, after) => {
      assert.equal(op, before === null ? 'c' : after === null ? 'd' : 'u')
      if (before !== null) {
        const at = this.#rows.indexOf(String(before))
        assert.ok(at >= 0, `${String(before)} was never told`)
        this.#rows.splice(at, 1)
      }
      if (after !== null) this.#rows.push(String(after))
    })
    for (const part of parts) void part
  }

  rows(): string[] {
    return this.#rows.toSorted()
  }
}

async function run(
  place: Place,
  definition: TopDefinition<Row>,
  random: Random,
  step: (state: TopState<Row>, rows: Row[], id: number) => void
): Promise<void> {
  await using kept = new KeptState(place, random, () => new TopState(definition))
  const folded = new Folded()
  const rows: Row[] = []
  for (let id = 1; id <= 300; id++) {
    step(kept.state, rows, id)
    kept.rest()
    if (random(4) > 0) continue
    folded.tell(kept.state)
    kept.commit()
    assert.deepEqual(folded.rows(), expected(rows, definition).toSorted())
    if (random(4) === 0) await kept.restart()
  }
}

function makeRow(random: Random, id: number): Row {
  return [random(3), random(12), id]
}

/** LMDB is the same code over slower calls: fewer seeds. */
const seedsIn: Readonly<Record<Place, number>> = { memory: 20, model: 20, lmdb: 6 }
const ways = ranks.flatMap(rank => places.map(place => ({ rank, place })))

for (const { rank, place } of ways) {
  test(`${rank} of rows that only come, ${place}: all that is told is what a sort gives`, async () => {
    for (let seed = 0; seed < seedsIn[place]; seed++) {
      const random = makeRandom(seed)
      const from = 1 + random(2)
      const definition = define(rank, {
        from,
        to: from + random(4),
        // Numbers of rows are places: who leaves one makes room for another.
        tells: rank === 'ROW_NUMBER' && seed % 2 === 0 ? 'places' : 'rows'
      })
      await run(place, definition, random, (state, rows, id) => {
        const row = makeRow(random, id)
        state.insert(row)
        rows.push(row)
      })
    }
  })

  test(`${rank} of rows that come, change and leave, ${place}: who was behind moves up`, async () => {
    for (let seed = 0; seed < seedsIn[place]; seed++) {
      const random = makeRandom(seed)
      const compare = (a: Row, b: Row): number => a[1] - b[1] || a[2] - b[2]
      const definition = define(rank, {
        to: 1 + random(4),
        compare,
        keyOf: seed % 2 === 0 ? null : ([, , id]) => id,
        tells: rank === 'ROW_NUMBER' && seed % 3 === 0 ? 'places' : 'rows'
      })
      await run(place, definition, random, (state, rows, id) => {
        state.change([9, 9, -1], null)
        // A statement that fails leaves no trace.
        state.begin()
        change(state, [...rows], makeRow(random, id), random)
        state.end(false)
        change(state, rows, makeRow(random, id), random)
        rows.sort((a, b) => a[2] - b[2])
      })
    }
  })
}

function change(state: TopState<Row>, rows: Row[], row: Row, random: Random): void {
  const at = random(rows.length + 8)
  const before = rows[at]
  if (before === undefined) {
    state.change(null, row)
    rows.push(row)
    return
  }
  if (random(2) === 0) {
    state.change(before, null)
    rows.splice(at, 1)
    return
  }
  const after: Row = [row[0], row[1], before[2]]
  state.change(before, after)
  rows[at] = after
}

test('windows tell their rows when they are complete, and leave nothing behind', () => {
  const definition = define('ROW_NUMBER', {
    to: 2,
    tells: 'close',
    windowOf: ([window]) => window,
    partitionOf: () => 0,
    closesAt: window => (window as number) + 1
  })
  const state = new TopState(definition)
  for (const row of [
    [1, 5, 1],
    [0, 7, 2],
    [0, 3, 3],
    [0, 7, 4],
    [2, 1, 5]
  ] as const) {
    state.insert(row)
  }
  state.takeChanges()
  assert.deepEqual([...state.close(2)].map(String), ['0,3,3,1', '0,7,2,2', '1,5,1,1'])
  assert.equal(state.size, 1)
  assert.equal(state.takeChanges().filter(({ row }) => row === null).length, 3)
  assert.equal(state.closed, 2)
})

test('of many rows that may leave each is found again', () => {
  const compare = (a: Row, b: Row): number => a[1] - b[1] || a[2] - b[2]
  const state = new TopState(define('ROW_NUMBER', { compare, partitionOf: () => 0 }))
  const rows = Array.from({ length: 20_000 }, (_, id): Row => [0, (id * 7919) % 5000, id])
  for (const row of rows) state.change(null, row)
  for (const row of rows.slice(3)) state.change(row, null)
  assert.equal(state.size, 3)
  const folded = new Folded()
  folded.tell(state)
  assert.deepEqual(folded.rows(), expected(rows.slice(0, 3), state.definition).toSorted())
})
