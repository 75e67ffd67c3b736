import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  SlicedDefinition,
  SlicedGroup,
  SlicedWindows
} from '../../../runtime/contract/index.ts'
import { SlicedState } from '../../../runtime/state/index.ts'
import { TOLD_AT_ONCE } from '../../../runtime/state/told-at-once.ts'
import { cumulateWindows, hopWindows } from '../../../runtime/time/sliced-windows.ts'
import { makeRandom, pick } from '../../support/functions/random-value.ts'
import { KeptState, places } from '../../support/kept-state.ts'

interface Counted extends SlicedGroup {
  readonly key: string
  count: number
}

function counted(end: number, whole: number, key: string, count = 0): Counted {
  return { touched: -1, stored: false, end, whole, next: null, key, count }
}

let merges = 0
const definition: SlicedDefinition<Counted> = {
  name: 'state',
  layout: 'test',
  keys: 3,
  columns: [],
  sources: [],
  windows: hopWindows(10, 30, 0),
  lag: 0,
  save: ({ end, whole, key, count }) => [end, whole, key, count],
  load: saved => counted(...(saved as [number, number, string, number])),
  make: (end, { key }) => counted(end, 0, key),
  keyOf: saved => saved[2],
  merge(into, from) {
    merges++
    into.count += from.count
  },
  line: 1
}

function add(state: SlicedState<Counted>, time: number, key: string): void {
  const end = state.definition.windows.sliceEnd(time)
  const group = state.find(end, key) ?? state.add(key, counted(end, 1, key))
  state.touch(group)
  group.count++
}

function tell(state: SlicedState<Counted>, watermark: number): string[] {
  const told: string[] = []
  for (const group of state.close(watermark)) {
    if (group !== null) told.push(`${group.end} ${group.key} ${group.count}`)
  }
  return told
}

function commit(state: SlicedState<Counted>, log: Map<string, Uint8Array>): void {
  for (const { key, row } of state.takeChanges()) {
    const text = Buffer.from(key).toString('latin1')
    if (row === null) log.delete(text)
    else log.set(text, row)
  }
}

function restored(log: ReadonlyMap<string, Uint8Array>): SlicedState<Counted> {
  const state = new SlicedState(definition)
  for (const [key, row] of log) state.restore(Buffer.from(key, 'latin1'), row)
  return state
}

test('a window is told once, with all of its slices; a slice stays for the windows behind', () => {
  const state = new SlicedState(definition)
  add(state, 3, 'a')
  add(state, 12, 'b')
  add(state, 14, 'a')
  assert.deepEqual(tell(state, 9), [])
  assert.deepEqual(tell(state, 20), ['10 a 1', '20 a 2', '20 b 1'])
  assert.deepEqual(tell(state, 20), [])
  assert.equal(state.size, 3)
  assert.deepEqual(tell(state, 1000), ['30 a 2', '30 b 1', '40 a 1', '40 b 1'])
  assert.equal(state.size, 0)
})

test('a restart tells no window again, and forgets none', () => {
  const log = new Map<string, Uint8Array>()
  const state = new SlicedState(definition)
  add(state, 3, 'a')
  add(state, 14, 'a')
  commit(state, log)
  assert.deepEqual(tell(state, 20), ['10 a 1', '20 a 2'])
  commit(state, log)
  const next = restored(log)
  assert.equal(next.closed, 20)
  assert.deepEqual(tell(next, 20), [])
  assert.deepEqual(tell(next, 100), ['30 a 2', '40 a 1'])
  commit(next, log)
  assert.equal(log.size, 1, 'only how far windows have been told')
})

test('a checkpoint holds all, and what was in it and leaves is told', () => {
  const state = new SlicedState(definition)
  add(state, 3, 'a')
  tell(state, 10)
  state.spread(counted(NaN, 0, 'b', 5), 'b', 4, 20)
  const log = new Map<string, Uint8Array>()
  for (const { key, row } of state.encoded()) log.set(Buffer.from(key).toString('latin1'), row)
  assert.deepEqual(tell(restored(log), 100), ['20 a 1', '30 a 1', '30 b 5'])
  tell(state, 100)
  commit(state, log)
  assert.equal(log.size, 1)
})

test('what is late for some windows counts in the others', () => {
  const state = new SlicedState(definition)
  add(state, 3, 'a')
  state.spread(counted(NaN, 0, 'a', 1), 'a', 4, 10)
  state.spread(counted(NaN, 0, 'b', 1), 'b', 4, 20)
  assert.equal(state.size, 4)
  assert.deepEqual(tell(state, 100), ['10 a 1', '20 a 2', '30 a 2', '30 b 1'])
  assert.equal(state.size, 0)
})

test('windows of years in which nothing happens cost nothing', () => {
  const state = new SlicedState(definition)
  add(state, 3, 'a')
  add(state, 1e12, 'a')
  assert.deepEqual(tell(state, 1e12 + 1), ['10 a 1', '20 a 1', '30 a 1'])
})

test('merges per window do not depend on how many slices it has', () => {
  for (const slices of [2, 60, 1000]) {
    const windows = hopWindows(10, 10 * slices, 0)
    const state = new SlicedState({ ...definition, windows })
    const rounds = 3000
    merges = 0
    for (let i = 0; i < rounds; i++) {
      add(state, i * 10, 'a')
      assert.equal(tell(state, i * 10 + 10).length, 1)
    }
    assert.ok(merges < 6 * rounds, `${slices} slices: ${merges / rounds} merges per window`)
  }
})

test('windows that grow from one start are told with what came before', () => {
  const state = new SlicedState({ ...definition, windows: cumulateWindows(10, 30, 0) })
  add(state, 3, 'a')
  add(state, 25, 'b')
  add(state, 30, 'b')
  assert.deepEqual(tell(state, 1000), [
    ...['10 a 1', '20 a 1', '30 a 1', '30 b 1'],
    ...['40 b 1', '50 b 1', '60 b 1']
  ])
})

/** Keys whose places in a store are of several lengths, or a hash, or of half a character. */
const keys = ['', 'a', 'a\0', 'b', '\ud800', 'x'.repeat(3000), 'x'.repeat(3001)]

for (const place of places) {
  for (let seed = 1; seed <= (place === 'lmdb' ? 6 : 20); seed++) {
    test(`slices, ${place}, seed ${seed}: windows have what a list of all rows says`, async () => {
      const random = makeRandom(seed)
      const windows = pick(random, [
        hopWindows(10, 30, 0),
        hopWindows(10, 35, 3),
        hopWindows(2, 60, 0),
        cumulateWindows(10, 40, 0)
      ])
      const lag = pick(random, [0, 5])
      const make = () => new SlicedState({ ...definition, windows, lag })
      await using kept = new KeptState(place, random, make)
      const rows: { readonly time: number; readonly key: string }[] = []
      let watermark = 0
      for (let step = 0; step < 300; step++) {
        const { state } = kept
        const closed = watermark - lag
        if (random(8) === 0) {
          watermark += random(random(10) === 0 ? 200 : 15)
          const expected = expectedRows(rows, windows, closed, watermark - lag)
          const told = tell(state, watermark)
          const ends = told.map(text => Number(text.split(' ')[0]))
          assert.deepEqual(
            ends,
            ends.toSorted((a, b) => a - b),
            'in the order of time'
          )
          assert.deepEqual(told.sort(), expected.sort())
        } else {
          const row = { time: Math.max(0, watermark - 30) + random(70), key: pick(random, keys) }
          if (windows.lastEnd(row.time) <= closed) continue
          rows.push(row)
          if (windows.firstEnd(row.time) > closed) add(state, row.time, row.key)
          else state.spread(counted(NaN, 0, row.key, 1), row.key, row.time, closed)
        }
        if (random(5) === 0) kept.commit()
        else kept.rest()
        if (random(20) === 0) {
          await kept.restart()
          assert.equal(kept.state.closed > watermark, false)
        }
      }
      const told = tell(kept.state, 1e6)
      assert.deepEqual(told.sort(), expectedRows(rows, windows, watermark - lag, 1e6 - lag).sort())
      kept.commit()
      assert.equal(kept.records().size, 1, 'only how far windows have been told')
      assert.equal(kept.state.size, 0)
    })
  }

  test(`others get turns while a window of many groups is told, ${place}`, async () => {
    const groups = 3 * TOLD_AT_ONCE
    await using kept = new KeptState(place, makeRandom(1), () => new SlicedState(definition))
    for (let i = 0; i < groups; i++) add(kept.state, 3, String(i))
    kept.commit()
    let told = 0
    let since = 0
    for (const group of kept.state.close(10)) {
      since = group === null ? 0 : since + 1
      if (group !== null) told++
      assert.ok(since <= TOLD_AT_ONCE)
    }
    assert.equal(told, groups)
  })
}

interface Spelled extends SlicedGroup {
  readonly key: string
  text: string
}

function spelled(end: number, whole: number, key: string, text: string): Spelled {
  return { touched: -1, stored: false, end, whole, next: null, key, text }
}

/** Groups say of what they were merged, and in which order; 0 is a group of no rows. */
const spelling: SlicedDefinition<Spelled> = {
  ...definition,
  save: ({ end, whole, key, text }) => [end, whole, key, text],
  load: saved => spelled(...(saved as [number, number, string, string])),
  make: (end, { key }) => spelled(end, 0, key, '0'),
  merge(into, from) {
    into.text = `(${into.text} ${from.text})`
  }
}

test('each window is of the same merges in memory and in a store, so that what is rounded is the same', async () => {
  for (const windows of [hopWindows(10, 30, 0), hopWindows(2, 60, 0), cumulateWindows(10, 40, 0)]) {
    const runs = []
    for (const place of ['memory', 'model'] as const) {
      const random = makeRandom(1)
      const make = () => new SlicedState({ ...spelling, windows })
      await using kept = new KeptState(place, makeRandom(2), make)
      const told: string[] = []
      for (let time = 0; time < 300; time += 1 + random(4)) {
        const { state } = kept
        const key = pick(random, ['a', 'b', 'c'])
        const late = time - random(40)
        if (windows.lastEnd(late) > state.closed && windows.firstEnd(late) <= state.closed)
          state.spread(spelled(NaN, 0, key, `late ${late}`), key, late, state.closed)
        const end = windows.sliceEnd(time)
        const group = state.find(end, key) ?? state.add(key, spelled(end, 1, key, 'slice'))
        state.touch(group)
        group.text += ` ${time}`
        kept.commit()
        for (const one of state.close(time))
          if (one !== null) told.push(`${one.end} ${one.key}: ${one.text}`)
      }
      runs.push(told.sort())
    }
    assert.deepEqual(runs[0], runs[1])
  }
})

/** A row counts in each of its windows that had not been told when it came: the caller leaves out what came too late for all. */
function expectedRows(
  rows: readonly { readonly time: number; readonly key: string }[],
  windows: SlicedWindows,
  after: number,
  last: number
): string[] {
  const counts = new Map<string, number>()
  for (const { time, key } of rows) {
    for (let end = windows.firstEnd(time); end <= windows.lastEnd(time); end += windows.step) {
      if (end <= after || end > last) continue
      const name = `${end} ${key}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return Array.from(counts, ([name, count]) => `${name} ${count}`)
}
