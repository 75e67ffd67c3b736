import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session, SessionDefinition, SessionGroup } from '../../../runtime/contract/index.ts'
import { DistinctValues } from '../../../runtime/aggregates/index.ts'
import { SessionState } from '../../../runtime/state/index.ts'
import { KeptState, places } from '../../support/kept-state.ts'

type Told = readonly [
  ...[partition: string, key: string, first: number, last: number],
  ...[count: number, kinds: number]
]

interface Counted extends SessionGroup {
  told: Told | null
  readonly partition: string
  readonly key: string
  count: number
  /** How many different remainders the times have. */
  kinds: number
  readonly seen: DistinctValues
}

function counted(session: Session, partition: string, key: string, count = 0, kinds = 0): Counted {
  const times = { first: Infinity, last: -Infinity, arrival: 0 }
  const none = { touched: -1, stored: false, told: null }
  return { ...none, ...times, session, partition, key, count, kinds, seen: new DistinctValues() }
}

function rowOf({ session: { first, last }, partition, key, count, kinds }: Counted): Told {
  return [partition, key, first, last, count, kinds]
}

const GAP = 10
const definition: SessionDefinition<Counted> = {
  name: 'sessions',
  layout: 'test',
  keys: 3,
  columns: [],
  sources: [],
  sets: ({ seen }) => [seen],
  gap: GAP,
  lag: 0,
  save: ({ session, partition, key, first, last, arrival, count, kinds }) => [
    ...[session.id, partition, key, first, last, arrival],
    ...[count, kinds]
  ],
  load: (session, saved) =>
    counted(
      session,
      ...(saved.slice(1, 3) as [string, string]),
      ...(saved.slice(6) as [number, number])
    ),
  partitionOf: saved => saved[1],
  keyOf: saved => saved[2],
  merge(into, from) {
    into.count += from.count
    into.kinds += into.seen.mergeNew(from.seen).length
  },
  retell(group) {
    group.told = rowOf(group)
  },
  line: 1
}

type Row = readonly [partition: string, key: string, time: number]

function add(state: SessionState<Counted>, [partition, key, time]: Row): void {
  const session = state.enter(partition, time)
  const group = state.find(session, key) ?? state.add(key, counted(session, partition, key))
  state.count(group, time)
  group.count++
  if (group.seen.add(time % 7)) group.kinds++
}

function idOf([partition, key, first]: Told): string {
  return `${partition} ${key} ${first}`
}

/** What a reader of the changes has: rows by partition, key and start. */
function tell(state: SessionState<Counted>, rows: Map<string, string>): void {
  const take = (row: Told): void => {
    assert.equal(rows.get(idOf(row)), String(row), 'what goes is what was told')
    rows.delete(idOf(row))
  }
  for (const row of state.takeGone()) take(row)
  for (const group of state.changed()) {
    if (group.told !== null) take(group.told)
    group.told = rowOf(group)
    assert.ok(!rows.has(idOf(group.told)), 'no two rows have one key')
    rows.set(idOf(group.told), String(group.told))
  }
}

/** The same from all rows at once. */
function sessionsOf(rows: readonly Row[]): string[] {
  const told: string[] = []
  for (const [partition, all] of Map.groupBy(rows, row => row[0])) {
    const sessions: Row[][] = []
    for (const row of all.toSorted((a, b) => a[2] - b[2])) {
      if (row[2] - (sessions.at(-1)?.at(-1)?.[2] ?? -Infinity) >= GAP) sessions.push([])
      sessions.at(-1)!.push(row)
    }
    for (const session of sessions) {
      for (const [key, some] of Map.groupBy(session, row => row[1])) {
        const kinds = new Set(some.map(row => row[2] % 7)).size
        told.push(String([partition, key, session[0]![2], session.at(-1)![2], some.length, kinds]))
      }
    }
  }
  return told.sort()
}

/** The state that the changelog leads to. */
function restored(log: ReadonlyMap<string, Uint8Array>): SessionState<Counted> {
  const state = new SessionState(definition)
  for (const [key, row] of log) state.restore(Buffer.from(key, 'latin1'), row)
  state.restored()
  return state
}

function commit(state: SessionState<Counted>, log: Map<string, Uint8Array>): void {
  for (const { key, row } of state.takeChanges()) {
    const text = Buffer.from(key).toString('latin1')
    if (row === null) assert.ok(log.delete(text), 'only what was written is deleted')
    else log.set(text, row)
  }
}

/** Numbers that look random and are the same in every run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('sessions in any order, told at any time and restored at any time, come to those of all rows', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = makeRandom(seed)
    const rows: Row[] = []
    const told = new Map<string, string>()
    const log = new Map<string, Uint8Array>()
    let state = new SessionState(definition)
    for (let i = 0; i < 60; i++) {
      const row: Row = [`p${random(2)}`, `k${random(3)}`, random(300)]
      rows.push(row)
      add(state, row)
      if (random(4) > 0) continue
      tell(state, told)
      commit(state, log)
      if (random(3) === 0) state = restored(log)
      assert.deepEqual([...told.values()].sort(), sessionsOf(rows), `seed ${seed}, row ${i}`)
      assert.equal(state.size, told.size)
    }
  }
})

test('a session is complete when the watermark is at its end, and leaves nothing behind', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = makeRandom(seed)
    const rows: Row[] = []
    const closed: string[] = []
    const log = new Map<string, Uint8Array>()
    let state = new SessionState(definition)
    const close = (watermark: number): void => {
      for (const group of state.close(watermark)) {
        assert.ok(group.session.last + GAP <= watermark)
        closed.push(String(rowOf(group)))
      }
      commit(state, log)
      if (random(3) === 0) state = restored(log)
    }
    let watermark = 0
    for (let i = 0; i < 100; i++) {
      // Never behind the watermark: what comes there is late.
      const row: Row = [`p${random(2)}`, `k${random(3)}`, watermark + random(40)]
      rows.push(row)
      add(state, row)
      if (random(3) === 0) close((watermark += random(20)))
    }
    close(10_000)
    assert.deepEqual(closed.sort(), sessionsOf(rows), `seed ${seed}`)
    assert.deepEqual([state.size, log.size], [0, 0])
  }
})

for (const place of places) {
  for (let seed = 1; seed <= (place === 'lmdb' ? 8 : 40); seed++) {
    test(`${place}, seed ${seed}: sessions that are told as they change`, async () => {
      const random = makeRandom(seed)
      await using kept = new KeptState(place, random, () => new SessionState(definition))
      const rows: Row[] = []
      const told = new Map<string, string>()
      for (let i = 0; i < 80; i++) {
        const row: Row = [`p${random(4)}`, `k${random(3)}`, random(300)]
        rows.push(row)
        add(kept.state, row)
        if (random(4) > 0) {
          kept.rest()
          continue
        }
        tell(kept.state, told)
        kept.commit()
        if (random(3) === 0) await kept.restart()
        assert.deepEqual([...told.values()].sort(), sessionsOf(rows), `row ${i}`)
        assert.equal(kept.state.size, told.size)
      }
      tell(kept.state, told)
      for (const group of kept.state.close(1e6)) assert.ok(told.delete(idOf(rowOf(group))))
      kept.commit()
      assert.deepEqual([told.size, kept.state.size, kept.records().size], [0, 0, 0])
    })

    test(`${place}, seed ${seed}: sessions that are told when they are complete`, async () => {
      const random = makeRandom(seed)
      const sets = random(2) === 0 ? definition.sets : null
      const closing = { ...definition, sets, retell: null }
      await using kept = new KeptState(place, random, () => new SessionState(closing))
      const rows: Row[] = []
      const closed: string[] = []
      let watermark = 0
      const close = (): void => {
        let before = -Infinity
        for (const group of kept.state.close(watermark)) {
          const { last } = group.session
          assert.ok(last + GAP <= watermark)
          assert.ok(last >= before, 'in the order of their ends')
          before = last
          closed.push(String(rowOf(group)))
        }
      }
      for (let i = 0; i < 200; i++) {
        const row: Row = [`p${random(6)}`, `k${random(3)}`, watermark + random(40)]
        rows.push(row)
        add(kept.state, row)
        if (random(3) === 0) watermark += random(20)
        close()
        if (random(4) === 0) kept.commit()
        else kept.rest()
        if (random(15) === 0) await kept.restart()
      }
      watermark = 1e6
      close()
      kept.commit()
      const expected = sessionsOf(rows)
      assert.equal(closed.length, expected.length)
      if (sets !== null) assert.deepEqual(closed.sort(), expected)
      assert.deepEqual([kept.state.size, kept.records().size], [0, 0])
    })
  }
}
