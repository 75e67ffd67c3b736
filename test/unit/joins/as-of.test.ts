import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AsOfDefinition } from '../../../runtime/contract/index.ts'
import { addVersion, AsOfState, endVersion, joinAsOf } from '../../../runtime/joins/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'
import { KeptState, type Place, places } from '../../support/kept-state.ts'

/** Key, value, time. */
type Row = readonly [key: number | null, value: number, at: number]

interface Version {
  readonly key: number
  readonly value: number | null
  readonly from: number
}

function definitionOf(strict: boolean, told: string[]): AsOfDefinition<Row, Row> {
  const side = { keyOf: (row: Row) => row[0], timeOf: (row: Row) => row[2], lag: 1 }
  return {
    ...{ name: 'join', layout: '', columns: [], sources: [], line: 1 },
    ...{ left: side, right: side, strict, outer: true },
    meets: (_, right) => right[1] !== 7,
    told: (left, right) => void told.push(JSON.stringify([left, right?.[1] ?? null]))
  }
}

/** What is valid at the time of a row, of all that ever came. */
function validAt([key, value, at]: Row, versions: readonly Version[], strict: boolean): string {
  const found = versions
    .filter(one => one.key === key && (strict ? one.from < at : one.from <= at))
    .toReversed()
    .toSorted((a, b) => b.from - a.from)[0]
  const isMet = found !== undefined && found.value !== 7
  return JSON.stringify([[key, value, at], isMet ? found.value : null])
}

for (const place of places) {
  describe(`what was valid, of versions that come late, end, and are read again, ${place}`, () => {
    for (const strict of [false, true]) {
      for (let seed = 1; seed <= (place === 'lmdb' ? 6 : 40); seed++) {
        test(`${strict ? 'before' : 'at'} a time, seed ${seed}`, () => compare(place, strict, seed))
      }
    }
  })
}

/** Beside a list of all that ever came. */
async function compare(place: Place, strict: boolean, seed: number): Promise<void> {
  const random = makeRandom(seed)
  const told: string[] = []
  await using kept = new KeptState(place, random, () => new AsOfState(definitionOf(strict, told)))
  const versions: Version[] = []
  const lefts: Row[] = []
  const marks: [number, number] = [0, 0]
  for (let step = 0; step < 200; step++) {
    const { state } = kept
    const side = random(2)
    const key = random(8) === 0 ? null : random(3)
    const row: Row = [key, random(9), Math.max(0, marks[side]! + random(12) - side * 4)]
    if (side === 0) {
      lefts.push(row)
      joinAsOf(state, row)
    } else {
      const isEnd = random(4) === 0
      const [, value, at] = row
      const from = Math.max(at, marks[1])
      if (key !== null) versions.push({ key, value: isEnd ? null : value, from })
      if (isEnd) endVersion(state, key, at, marks[1])
      else addVersion(state, row, marks[1])
    }
    marks[side]! += random(3)
    Array.from(state.expire(...marks))
    if (random(4) === 0) kept.commit()
    else kept.rest()
    if (random(12) === 0) await kept.restart()
  }
  Array.from(kept.state.expire(1e6, 1e6))
  assert.deepEqual(told.toSorted(), lefts.map(row => validAt(row, versions, strict)).toSorted())
  const { size } = kept.state
  assert.ok(size <= 3, 'only the last version of each key is kept')
  await kept.restart()
  assert.equal(kept.records().size, size)
  assert.equal(kept.state.size, size)
}

test('a version that nobody asks for any more is gone, and a deleted row leaves nothing', () => {
  const state = new AsOfState<Row, Row>(definitionOf(false, []))
  for (let at = 1; at <= 1000; at++) addVersion(state, [1, at, at], 0)
  Array.from(state.expire(500, 2000))
  assert.equal(state.size, 501)
  Array.from(state.expire(1000, 2000))
  assert.equal(state.size, 1)
  endVersion(state, 1, 2500, 2000)
  Array.from(state.expire(2499, 3000))
  assert.equal(state.size, 2)
  Array.from(state.expire(2500, 3000))
  assert.equal(state.size, 0)
})

for (const place of places) {
  test(`all that is valid ends at once, ${place}`, async () => {
    const told: string[] = []
    const make = () => new AsOfState<Row, Row>(definitionOf(false, told))
    await using kept = new KeptState(place, makeRandom(1), make)
    for (const key of [1, 2]) addVersion(kept.state, [key, key, 10], 0)
    await kept.restart()
    // Not yet in a store.
    addVersion(kept.state, [3, 3, 10], 0)
    kept.state.endVersions(20, 0)
    for (const at of [19, 20]) for (const key of [1, 2, 3]) joinAsOf(kept.state, [key, 0, at])
    Array.from(kept.state.expire(100, 100))
    const before = [1, 2, 3].map(key => `[[${key},0,19],${key}]`)
    assert.deepEqual(told, [...before, ...[1, 2, 3].map(key => `[[${key},0,20],null]`)])
    assert.equal(kept.state.size, 0)
  })
}
