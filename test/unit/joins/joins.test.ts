import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  AppendJoinDefinition,
  ChangingJoinDefinition,
  ChangeOp,
  TableRow
} from '../../../runtime/contract/index.ts'
import {
  changeLeft,
  changeRight,
  expireJoin,
  joinLeft,
  joinRight,
  JoinState
} from '../../../runtime/joins/index.ts'
import { TOLD_AT_ONCE } from '../../../runtime/state/told-at-once.ts'
import { makeRandom } from '../../support/functions/random-value.ts'
import { KeptState, places } from '../../support/kept-state.ts'

/** Key, value, time. */
type Row = readonly [key: number | null, value: number, at: number]
type Kind = 'INNER' | 'LEFT' | 'FULL' | 'SEMI' | 'ANTI'
const kinds: readonly Kind[] = ['INNER', 'LEFT', 'FULL', 'SEMI', 'ANTI']

const meets = (left: Row, right: Row): boolean => left[1] <= right[1]

function sidesOf(kind: Kind, closesAfter: number) {
  const isLeftAlone = kind !== 'INNER'
  const closesAt = (row: Row): number => row[2] + closesAfter
  const keyOf = (row: Row): number | null => row[0]
  const alone = kind === 'INNER' ? 'never' : kind === 'SEMI' ? 'met' : 'unmet'
  return {
    name: 'join',
    layout: kind,
    columns: [],
    sources: [],
    line: 1,
    left: { keyOf, closesAt, counts: isLeftAlone, alone },
    right: {
      keyOf,
      closesAt,
      counts: kind === 'FULL',
      alone: kind === 'FULL' ? 'unmet' : 'never'
    },
    pairs: kind !== 'SEMI' && kind !== 'ANTI',
    meets
  } as const
}

function pairOf(kind: Kind): (left: Row | null, right: Row | null) => TableRow {
  const isHalf = kind === 'SEMI' || kind === 'ANTI'
  return (left, right) => (isHalf ? [left] : [left, right])
}

function batchJoin(
  kind: Kind,
  [lefts, rights]: readonly [readonly Row[], readonly Row[]],
  isMet: (left: Row, right: Row) => boolean
): string[] {
  const isPair = (left: Row, right: Row): boolean =>
    left[0] !== null && left[0] === right[0] && isMet(left, right)
  const pair = pairOf(kind)
  const rows: TableRow[] = []
  for (const left of lefts) {
    const met = rights.filter(right => isPair(left, right))
    if (kind === 'SEMI' ? met.length > 0 : kind === 'ANTI' && met.length === 0) {
      rows.push(pair(left, null))
    }
    if (kind === 'SEMI' || kind === 'ANTI') continue
    rows.push(...met.map(right => pair(left, right)))
    if (kind !== 'INNER' && met.length === 0) rows.push(pair(left, null))
  }
  if (kind === 'FULL') {
    const alone = rights.filter(right => !lefts.some(left => isPair(left, right)))
    rows.push(...alone.map(right => pair(null, right)))
  }
  return rows.map(row => JSON.stringify(row)).sort()
}

/** What was told, as the rows that it leaves. */
class Told {
  readonly rows: string[] = []

  change(op: ChangeOp, before: TableRow | null, after: TableRow | null): void {
    assert.equal(op, before === null ? 'c' : after === null ? 'd' : 'u')
    if (before !== null) {
      const at = this.rows.indexOf(JSON.stringify(before))
      assert.ok(at >= 0, `a row goes that was never told: ${JSON.stringify(before)}`)
      this.rows.splice(at, 1)
    }
    if (after !== null) this.rows.push(JSON.stringify(after))
  }
}

/** LMDB is the same code over slower calls: fewer seeds. */
const runs = places.flatMap(place =>
  Array.from({ length: place === 'lmdb' ? 4 : 20 }, (_, i) => ({ place, seed: i + 1 }))
)

describe('rows that change', () => {
  for (const kind of kinds) {
    for (const { place, seed } of runs) {
      test(`${kind}, ${place}, seed ${seed}: what is told is the join of all rows after each change`, async () => {
        const random = makeRandom(seed)
        const told = new Told()
        const definition: ChangingJoinDefinition<Row, Row> = {
          ...sidesOf(kind, Infinity),
          met: meets,
          key: [],
          pair: pairOf(kind),
          changed: (op, before, after) => told.change(op, before, after)
        }
        await using kept = new KeptState(
          place,
          random,
          () => new JoinState<Row, Row, typeof definition>(definition)
        )
        const sides: [Row[], Row[]] = [[], []]
        for (let step = 0; step < 120; step++) {
          const { state } = kept
          const side = random(2)
          const rows = sides[side]!
          const isChange = rows.length > 0 && random(3) > 0
          const at = random(Math.max(1, rows.length))
          const before = isChange ? rows[at]! : null
          const row: Row = [random(5) === 0 ? null : random(3), random(4), 0]
          const after = isChange && random(2) === 0 ? null : row
          const fails = random(8) === 0
          const toldBefore = [...told.rows]
          state.begin()
          if (side === 0) changeLeft(state, before, after)
          else changeRight(state, before, after)
          state.end(!fails)
          if (fails) told.rows.splice(0, told.rows.length, ...toldBefore)
          else {
            if (isChange) rows.splice(at, 1)
            if (after !== null) rows.push(after)
          }
          assert.deepEqual([...told.rows].sort(), batchJoin(kind, sides, meets), `step ${step}`)
          if (random(4) === 0) kept.commit()
          else kept.rest()
          if (random(10) === 0) await kept.restart()
        }
      })
    }
  }
})

describe('rows that only come, at most 10 ms apart', () => {
  for (const kind of kinds) {
    for (const { place, seed } of runs) {
      test(`${kind}, ${place}, seed ${seed}: what is told is the join of all rows, once time has passed`, async () => {
        const random = makeRandom(seed)
        const told: string[] = []
        const pair = pairOf(kind)
        const near = (left: Row, right: Row): boolean =>
          meets(left, right) && Math.abs(left[2] - right[2]) <= 10
        const definition: AppendJoinDefinition<Row, Row> = {
          ...sidesOf(kind, 11),
          meets: near,
          told: (left, right) => void told.push(JSON.stringify(pair(left, right)))
        }
        await using kept = new KeptState(
          place,
          random,
          () => new JoinState<Row, Row, typeof definition>(definition)
        )
        const sides: [Row[], Row[]] = [[], []]
        const clocks = [0, 0]
        for (let step = 0; step < 150; step++) {
          const { state } = kept
          const side = random(2)
          // Each side's rows come in the order of their time.
          clocks[side]! += random(5)
          const row: Row = [random(5) === 0 ? null : random(3), random(4), clocks[side]!]
          sides[side]!.push(row)
          if (side === 0) joinLeft(state, row)
          else joinRight(state, row)
          Array.from(expireJoin(state, clocks[0]!, clocks[1]!))
          if (random(4) === 0) kept.commit()
          else kept.rest()
          if (random(10) === 0) await kept.restart()
        }
        const { state } = kept
        Array.from(expireJoin(state, 1e6, 1e6))
        assert.equal(state.size, 0, 'nothing waits any more')
        kept.commit()
        assert.equal(state.size, 0)
        assert.equal(kept.records().size, 0, 'and the changelog holds nothing')
        const all = batchJoin(kind, sides, near)
        assert.deepEqual(told.sort(), all)
      })
    }
  }
})

for (const place of places) {
  test(`rows whose time has passed leave in its order, and others get turns meanwhile, ${place}`, async () => {
    const random = makeRandom(1)
    const told: number[] = []
    const definition: AppendJoinDefinition<Row, Row> = {
      ...sidesOf('LEFT', 11),
      meets,
      told: left => void told.push(left![2])
    }
    const make = () => new JoinState<Row, Row, typeof definition>(definition)
    await using kept = new KeptState(place, random, make)
    const rows = 4 * TOLD_AT_ONCE
    // Some are in the store, and some between them are not.
    for (let i = 0; i < rows; i++) {
      if (i === rows / 2) kept.commit()
      joinLeft(kept.state, [i, 0, random(1000)])
    }
    let turns = 0
    let before = 0
    for (const turn of expireJoin(kept.state, 1e6, 1e6)) {
      void turn
      turns++
      assert.ok(told.length - before <= TOLD_AT_ONCE)
      before = told.length
    }
    assert.equal(turns, rows / TOLD_AT_ONCE)
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b)
    )
    assert.equal(told.length, rows)
  })
}

describe('rows that are kept for a while', () => {
  for (const { place, seed } of runs) {
    test(`${place}, seed ${seed}: a row meets those that are kept`, async () => {
      const random = makeRandom(seed)
      const told: string[] = []
      let now = 1000
      const { left, right, ...sides } = sidesOf('INNER', 0)
      const keeping = { closesAt: () => now + 50, ttl: 50 }
      const definition: AppendJoinDefinition<Row, Row> = {
        ...sides,
        left: { ...left, ...keeping },
        right: { ...right, ...keeping },
        told: (one, other) => void told.push(JSON.stringify([one, other]))
      }
      await using kept = new KeptState(
        place,
        random,
        () => new JoinState<Row, Row, typeof definition>(definition)
      )
      let rows: { readonly side: number; readonly row: Row; since: number }[] = []
      const forget = (): void => {
        for (const side of [0, 1] as const) Array.from(kept.state.forget(side, now))
        rows = rows.filter(({ since }) => since + 50 > now)
        assert.equal(kept.state.size, rows.length)
      }
      for (let step = 0; step < 300; step++) {
        const side = random(2)
        const row: Row = [random(3), random(4), step]
        told.length = 0
        if (side === 0) joinLeft(kept.state, row)
        else joinRight(kept.state, row)
        const met = rows.flatMap(other => {
          const [one, two] = side === 0 ? [row, other.row] : [other.row, row]
          return other.side !== side && one[0] === two[0] && meets(one, two) ? [[one, two]] : []
        })
        assert.deepEqual(told.sort(), met.map(pair => JSON.stringify(pair)).sort())
        rows.push({ side, row, since: now })
        // A row counts from its commit where it is on the disk: time goes on behind one.
        if (random(3) > 0) kept.rest()
        else {
          kept.commit()
          now += random(20)
        }
        forget()
        if (random(15) > 0) continue
        // By another clock.
        now = random(2000)
        await kept.restart()
        for (const one of rows) one.since = now
        forget()
      }
      now += 100
      kept.commit()
      now += 100
      forget()
      kept.commit()
      assert.equal(kept.records().size, 0, 'the changelog holds nothing')
    })
  }
})
