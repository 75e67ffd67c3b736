import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Group, GroupDefinition } from '../../../runtime/contract/index.ts'
import { DistinctValues } from '../../../runtime/aggregates/index.ts'
import { GroupState } from '../../../runtime/state/index.ts'
import { TOLD_AT_ONCE } from '../../../runtime/state/told-at-once.ts'

interface Counted extends Group {
  readonly window: number
  readonly key: string
  count: number
}

function counted(window: number, key: string, count: number): Counted {
  return { touched: -1, stored: false, window, key, count }
}

const definition: GroupDefinition<Counted> = {
  name: 'counts',
  layout: 'test',
  keys: 2,
  columns: ['window', 'key', 'count'],
  sources: [],
  sets: null,
  save: ({ window, key, count }) => [window, key, count],
  load: saved => counted(...(saved as [number, string, number])),
  windowOf: saved => saved[0] as number,
  keyOf: saved => saved[1],
  expires: true,
  closesAt: window => (window as number) + 10,
  line: 1
}

function count(state: GroupState<Counted>, window: number, key: string): void {
  const group = state.find(window, key) ?? state.add(key, counted(window, key, 0))
  state.touch(group)
  group.count++
}

function closed(state: GroupState<Counted>, watermark: number): string[] {
  return Array.from(state.close(watermark), ({ window, key, count: n }) => `${window} ${key} ${n}`)
}

function shown(state: GroupState<Counted>): (string | null)[][] {
  return state
    .takeChanges()
    .map(({ key, row }) => [key, row].map(bytes => (bytes === null ? null : String(bytes))))
}

test('windows close in their order, and leave nothing behind that the changelog never had', () => {
  const state = new GroupState(definition)
  count(state, 10, 'b')
  count(state, 0, 'a')
  count(state, 0, 'a')
  count(state, 20, 'c')
  assert.deepEqual(closed(state, 9), [])
  assert.deepEqual(closed(state, Infinity), [], 'no source tells time')
  assert.deepEqual(closed(state, 20), ['0 a 2', '10 b 1'])
  assert.equal(state.closed, 20)
  assert.deepEqual(shown(state), [['[20,"c"]', '[20,"c",1]']])
  assert.deepEqual(closed(state, 30), ['20 c 1'])
  assert.deepEqual(shown(state), [['[20,"c"]', null]])
})

test('what a checkpoint has is told when it leaves, also where no commit came between', () => {
  const state = new GroupState(definition)
  count(state, 0, 'a')
  const checkpoint = [...state.encoded()]
  assert.deepEqual(closed(state, 10), ['0 a 1'])
  const restored = new GroupState(definition)
  for (const { key, row } of checkpoint) restored.restore(key, row)
  for (const { key, row } of state.takeChanges()) restored.restore(key, row)
  assert.deepEqual(closed(restored, 100), [])
})

test('a statement that fails leaves groups as they were', () => {
  const state = new GroupState(definition)
  count(state, 0, 'a')
  shown(state)
  state.begin()
  count(state, 0, 'a')
  count(state, 0, 'new')
  state.end(false)
  assert.deepEqual(closed(state, 10), ['0 a 1'])
})

test('there may be as many windows as memory holds', () => {
  const state = new GroupState(definition)
  for (let window = 0; window < 200_000; window++) count(state, window, 'a')
  assert.equal(closed(state, 10).length, 1)
  assert.equal(closed(state, 11).length, 1)
})

test('groups of which nothing was told for a while are idle; after a restart they count from then', () => {
  const state = new GroupState({ ...definition, windowOf: () => null })
  const counts = (key: string): void => {
    const group = state.find(null, key) ?? state.add(key, counted(0, key, 0))
    state.touch(group)
  }
  const idle = (of: GroupState<Counted>, now: number): string[] =>
    Array.from(of.idle(now, 10)).flatMap(group => {
      if (group === null) return []
      of.remove(group)
      return group.key
    })
  counts('a')
  counts('b')
  assert.deepEqual(idle(state, 100), [], 'nothing was told yet')
  state.told(0)
  const log = state.takeChanges()
  counts('b')
  assert.deepEqual(idle(state, 9), [])
  assert.deepEqual(idle(state, 10), ['a'], 'b has changed')
  state.told(15)
  state.takeChanges()
  assert.deepEqual([idle(state, 24), idle(state, 25)], [[], ['b']])
  assert.equal(state.size, 0)
  const restored = new GroupState({ ...definition, windowOf: () => null })
  for (const { key, row } of log) restored.restore(key, row)
  assert.deepEqual(
    [1000, 1009, 1010].map(now => idle(restored, now)),
    [[], [], ['a', 'b']]
  )
})

test('others get turns while many groups are idle', () => {
  const state = new GroupState({ ...definition, windowOf: () => null })
  for (let i = 0; i < 3 * TOLD_AT_ONCE; i++) {
    state.find(null, `${i}`)
    state.touch(state.add(`${i}`, counted(0, `${i}`, 0)))
  }
  state.told(0)
  state.takeChanges()
  const turns: number[] = []
  for (const group of state.idle(10, 10)) {
    if (group === null) turns.push(state.size)
    else state.remove(group)
  }
  assert.deepEqual(turns, [2 * TOLD_AT_ONCE + 1, TOLD_AT_ONCE + 1, 1])
  assert.equal(state.size, 0)
})

test('values of sets are written once, come back with their groups, and go with them', () => {
  interface WithSet extends Counted {
    readonly seen: DistinctValues
  }
  const make = (window: number, key: string, kinds: number): WithSet => ({
    ...counted(window, key, kinds),
    seen: new DistinctValues()
  })
  const open = (): GroupState<WithSet> =>
    new GroupState<WithSet>({
      ...definition,
      save: ({ window, key, count: kinds }) => [window, key, kinds],
      load: saved => make(...(saved as [number, string, number])),
      sets: ({ seen }) => [seen]
    })
  const see = (state: GroupState<WithSet>, window: number, value: unknown): void => {
    const group = state.find(window, 'a') ?? state.add('a', make(window, 'a', 0))
    state.touch(group)
    if (group.seen.add(value)) group.count++
  }
  const log = new Map<string, Uint8Array>()
  const commit = (state: GroupState<WithSet>): string[] =>
    state.takeChanges().map(({ key, row }) => {
      if (row === null) assert.ok(log.delete(String(key)), 'only what was written is deleted')
      else log.set(String(key), row)
      return row === null ? `-${String(key)}` : String(key)
    })
  const state = open()
  for (const value of ['x', 'y', 'x']) see(state, 0, value)
  assert.deepEqual(commit(state), ['[0,"a"]', '[0,"a",0,"x"]', '[0,"a",0,"y"]'])
  for (const value of ['y', 'z']) see(state, 0, value)
  see(state, 10, 'x')
  const checkpoint = [...state.encoded()].map(({ key, row }) => [String(key), row] as const)
  assert.deepEqual(commit(state), ['[0,"a"]', '[0,"a",0,"z"]', '[10,"a"]', '[10,"a",0,"x"]'])
  assert.deepEqual(checkpoint.map(([key]) => key).sort(), [...log.keys()].sort())
  const restored = open()
  // In whatever order compaction leaves them.
  for (const [key, row] of [...log].reverse()) restored.restore(Buffer.from(key), row)
  restored.restored()
  for (const value of ['x', 'z', 'new']) see(restored, 0, value)
  assert.deepEqual(commit(restored), ['[0,"a"]', '[0,"a",0,"new"]'])
  assert.deepEqual(
    Array.from(restored.close(15), ({ count: kinds }) => kinds),
    [4]
  )
  assert.deepEqual(commit(restored).length, 5)
  assert.deepEqual([...log.keys()], ['[10,"a"]', '[10,"a",0,"x"]'])
})
