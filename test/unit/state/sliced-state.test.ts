import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SlicedDefinition, SlicedGroup } from '../../../runtime/contract/index.ts'
import { SlicedState } from '../../../runtime/state/index.ts'
import { cumulateWindows, hopWindows } from '../../../runtime/time/sliced-windows.ts'

interface Counted extends SlicedGroup {
  readonly key: string
  count: number
}

function counted(end: number, whole: number, key: string, count = 0): Counted {
  return { touched: -1, stored: false, end, whole, key, count }
}

let merges = 0
const definition: SlicedDefinition<Counted> = {
  name: 'slices',
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
  return [...state.close(watermark)].map(({ end, key, count }) => `${end} ${key} ${count}`)
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
