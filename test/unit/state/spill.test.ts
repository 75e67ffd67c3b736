import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Group,
  GroupDefinition,
  TableDefinition,
  TableKey,
  WrittenSet
} from '../../../runtime/contract/index.ts'
import { DistinctValues } from '../../../runtime/aggregates/index.ts'
import { GroupState, TableState } from '../../../runtime/state/index.ts'
import { makeRandom, pick, type Random } from '../../support/functions/random-value.ts'
import { KeptState, places } from '../../support/kept-state.ts'

/** Keys that are like one another, or long, or no text of their own. */
const keys: readonly (TableKey | null)[] = [
  ...['', 'a', 'a\0', '\u{ff}', '\ud800', '\udfff', '\ufffd', 'x'.repeat(3000), 'x'.repeat(3001)],
  ...['1', 1, 1n, -1, 1.5, 9007199254740993n, true, 'true', 't', 'd1', null, 'null', '-']
]

interface Counted extends Group {
  readonly window: number
  readonly key: TableKey | null
  count: number
  readonly seen: DistinctValues
}

function makeCounted(window: number, key: TableKey | null, count: number): Counted {
  return { touched: -1, stored: false, window, key, count, seen: new DistinctValues() }
}

const counts: GroupDefinition<Counted> = {
  name: 'state',
  layout: 'test',
  keys: 2,
  columns: ['window', 'key', 'count'],
  sources: [],
  sets: ({ seen }) => [seen as WrittenSet],
  save: ({ window, key, count }) => [window, key, count],
  load: saved => makeCounted(...(saved as [number, TableKey | null, number])),
  windowOf: saved => saved[0] as number,
  keyOf: saved => saved[1],
  expires: false,
  closesAt: window => (window as number) + 10,
  line: 1
}

interface Model {
  readonly window: number
  readonly key: TableKey | null
  count: number
  readonly values: Set<number>
}

/** Groups as a plain list of them has it. */
class Groups {
  readonly list = new Map<string, Model>()

  static nameOf(window: number, key: TableKey | null): string {
    return `${window} ${typeof key} ${JSON.stringify(String(key))}`
  }

  count(window: number, key: TableKey | null, value: number): number {
    const name = Groups.nameOf(window, key)
    const group = this.list.get(name) ?? { window, key, count: 0, values: new Set<number>() }
    this.list.set(name, group)
    group.count++
    group.values.add(value)
    return group.values.size
  }

  close(watermark: number): string[] {
    const closed = [...this.list].filter(([, { window }]) => window + 10 <= watermark)
    for (const [name] of closed) this.list.delete(name)
    return closed.map(([name, { count }]) => `${name} ${count}`).sort()
  }
}

for (const place of places) {
  for (let seed = 1; seed <= (place === 'lmdb' ? 6 : 15); seed++) {
    test(`groups, ${place}, seed ${seed}: what is counted, closed and gone is what a list says`, async () => {
      const random = makeRandom(seed)
      await using kept = new KeptState(place, random, () => new GroupState(counts))
      const groups = new Groups()
      let watermark = -50
      for (let step = 0; step < 400; step++) {
        const { state } = kept
        const window = 10 * (Math.floor(watermark / 10) + random(4))
        const key = pick(random, keys)
        if (random(10) === 0) {
          const group = state.find(window, key)
          const name = Groups.nameOf(window, key)
          assert.equal(group?.count, groups.list.get(name)?.count)
          if (group !== undefined) state.remove(group)
          groups.list.delete(name)
        } else if (random(8) === 0) {
          watermark += random(12)
          const closed = Array.from(
            state.close(watermark),
            group => `${Groups.nameOf(group.window, group.key)} ${group.count}`
          )
          const windows = closed.map(text => Number(text.split(' ')[0]))
          assert.deepEqual(
            windows,
            windows.toSorted((a, b) => a - b),
            'in the order of time'
          )
          assert.deepEqual(closed.sort(), groups.close(watermark))
        } else if (window + 10 > watermark) countInto(state, groups, window, key, random)
        assert.equal(state.size, groups.list.size)
        if (random(5) === 0) kept.commit()
        else kept.rest()
        if (random(20) === 0) await kept.restart()
      }
      const all = Array.from(kept.state.close(1e6), ({ count }) => count)
      assert.equal(all.length, groups.list.size)
      kept.commit()
      assert.equal(kept.records().size, 0)
      assert.equal(kept.state.size, 0)
    })

    test(`groups that go when they are idle, ${place}, seed ${seed}: those that a list says`, async () => {
      const random = makeRandom(seed)
      const idling: GroupDefinition<Counted> = {
        ...{ ...counts, expires: true, windowOf: () => null, closesAt: () => Infinity }
      }
      await using kept = new KeptState(place, random, () => new GroupState(idling))
      const list = new Map<TableKey | null, { count: number; since: number }>()
      const changed = new Set<TableKey | null>()
      let now = 1000
      const tell = (): void => {
        kept.state.told(now)
        for (const key of changed) list.get(key)!.since = now
        changed.clear()
      }
      for (let step = 0; step < 400; step++) {
        const { state } = kept
        const key = pick(random, keys)
        if (random(4) === 0) {
          now += random(30)
          const idle = [...state.idle(now, 100)].filter(group => group !== null)
          const expected = [...list].filter(
            ([of, { since }]) => since + 100 <= now && !changed.has(of)
          )
          assert.deepEqual(
            new Set(idle.map(group => group.key)),
            new Set(expected.map(([of]) => of))
          )
          for (const group of idle) {
            assert.equal(group.count, list.get(group.key)!.count)
            state.remove(group)
            list.delete(group.key)
          }
        } else {
          const group = state.find(null, key) ?? state.add(key, makeCounted(0, key, 0))
          state.touch(group)
          const known = list.get(key) ?? { count: 0, since: now }
          assert.equal(group.count++, known.count++)
          list.set(key, known)
          changed.add(key)
        }
        assert.equal(state.size, list.size)
        if (random(5) === 0) {
          tell()
          kept.commit()
        } else kept.rest()
        if (random(25) === 0) {
          tell()
          await kept.restart()
          // By another clock; nobody knows when they were told, so they count from the first look.
          now = random(2000)
          assert.deepEqual([...kept.state.idle(now, 100)], [])
          for (const one of list.values()) one.since = now
        }
      }
    })

    test(`a table, ${place}, seed ${seed}: rows, and what its indexes find`, async () => {
      const random = makeRandom(seed)
      const isNumbered = seed % 3 === 0
      const definition = defineTable(isNumbered)
      await using kept = new KeptState(place, random, () => new TableState(definition))
      let rows = new Map<TableKey, Row>()
      for (let step = 0; step < 400; step++) {
        const { state } = kept
        const before = new Map(rows)
        const isMany = random(10) === 0
        state.begin()
        for (let i = 0; i < (isMany ? 5 : 1); i++) change(state as never, rows, isNumbered, random)
        const succeeds = random(4) > 0
        state.end(succeeds)
        if (!succeeds) rows = before
        const entry = pick(random, entries)
        const found = state.find(0, entry).map(row => JSON.stringify(row[2]))
        const wanted = [...rows.values()].filter(row => row[1] === entry)
        assert.deepEqual(found.sort(), wanted.map(row => JSON.stringify(row[2])).sort())
        assert.equal(state.size, rows.size)
        if (random(5) === 0) kept.commit()
        else kept.rest()
        if (random(20) === 0) await kept.restart()
      }
      assert.deepEqual(new Map(kept.state.entries()), rows)
    })
  }
}

function countInto(
  state: GroupState<Counted>,
  groups: Groups,
  window: number,
  key: TableKey | null,
  random: Random
): void {
  const value = random(6)
  const group = state.find(window, key) ?? state.add(key, makeCounted(window, key, 0))
  state.touch(group)
  group.count++
  group.seen.add(value)
  const { list } = groups
  const distinct = groups.count(window, key, value)
  assert.equal(group.count, list.get(Groups.nameOf(window, key))!.count)
  assert.equal(group.seen.takeAll().length, distinct)
}

type Row = readonly [key: TableKey, entry: TableKey | null, value: number]
const entries = ['', 'a', 7] as const
const rowKeys = keys.filter(key => key !== null)

function defineTable(isNumbered: boolean): TableDefinition {
  const column = (name: string) => ({ name, type: 'TEXT', nullable: true })
  return {
    name: 'state',
    columns: ['key', 'entry', 'value'].map(column),
    key: isNumbered ? null : [0],
    indexes: [(row: Row) => row[1]],
    sources: [],
    changed: () => {},
    sql: '',
    line: 1
  }
}

function change(
  state: TableState<Row>,
  rows: Map<TableKey, Row>,
  isNumbered: boolean,
  random: Random
): void {
  const known = [...rows.keys()]
  const isKnown = known.length > 0 && random(2) === 0
  const key = isKnown
    ? pick(random, known)
    : isNumbered
      ? state.nextNumber()
      : pick(random, rowKeys)
  const before = rows.get(key) ?? null
  assert.deepEqual(state.get(key), before)
  if (before !== null && random(3) === 0) {
    assert.deepEqual(state.delete(key), before)
    rows.delete(key)
    return
  }
  const row: Row = [key, pick(random, [...entries, null]), random(1000)]
  assert.deepEqual(state.set(key, row), before)
  rows.set(key, row)
}
