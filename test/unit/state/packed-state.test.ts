import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PackedDefinition } from '../../../runtime/contract/index.ts'
import { PackedState } from '../../../runtime/state/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const SIZE = 10

const definition: PackedDefinition = {
  name: 'counts',
  layout: 'test',
  keys: 2,
  columns: ['window', 'key', 'count', 'sum', 'least', 'greatest'],
  sources: [],
  numbers: ['number', 'integer', 'value', 'value'],
  tells: false,
  windowOf: saved => saved[0] as number,
  keyOf: saved => saved[1],
  closesAt: window => (window as number) + SIZE,
  line: 1
}

type Value = number | bigint

function count(state: PackedState, window: number, key: unknown, value: Value | null): void {
  let at = state.find(window, key)
  if (at < 0) at = state.add(key, window, key)
  state.touch()
  const { numbers } = state
  numbers[at]!++
  if (value === null) return
  state.addInteger(at + 1, value)
  state.takeLeast(at + 2, value)
  state.takeGreatest(at + 3, value)
}

function saved(state: PackedState, place: number): unknown[] {
  const at = state.go(place)
  const values = [1, 2, 3].map(offset => state.valueAt(at + offset))
  return [...state.keysOf(place), state.numbers[at]!, ...values]
}

function closed(state: PackedState, watermark: number): unknown[][] {
  return Array.from(state.close(watermark), place => saved(state, place))
}

/** The same by objects. */
class Model {
  readonly groups = new Map<string, unknown[]>()

  count(window: number, key: unknown, value: Value | null): void {
    const name = `${window} ${String(key)}`
    const group = this.groups.get(name) ?? [window, key, 0, 0, null, null]
    this.groups.set(name, group)
    group[2] = (group[2] as number) + 1
    if (value === null) return
    group[3] = narrow(BigInt(group[3] as Value) + BigInt(value))
    if (group[4] === null || value < (group[4] as Value)) group[4] = value
    if (group[5] === null || value > (group[5] as Value)) group[5] = value
  }

  close(watermark: number): unknown[][] {
    const gone = [...this.groups].filter(([, [window]]) => (window as number) + SIZE <= watermark)
    for (const [name] of gone) this.groups.delete(name)
    return gone.map(([, group]) => group)
  }
}

function windowOf([window]: readonly unknown[]): number {
  return window as number
}

/** Windows close in their order; the order in one is nobody's. */
function byName(groups: readonly (readonly unknown[])[]): Map<string, readonly unknown[]> {
  return new Map(groups.map(group => [`${windowOf(group)} ${String(group[1])}`, group]))
}

function narrow(value: bigint): Value {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

for (const seed of [1, 2, 3, 4]) {
  test(`groups in arrays are what groups of objects are, seed ${seed}`, () => {
    const upTo = makeRandom(seed)
    const model = new Model()
    const log = new Map<string, Uint8Array>()
    let state = new PackedState(definition)
    let watermark = 0
    const commit = (limit?: number): void => {
      for (const { key, row } of state.takeChanges(limit)) {
        if (row === null) assert.ok(log.delete(String(key)), 'only what was written is deleted')
        else log.set(String(key), row)
      }
    }
    for (let step = 0; step < 300; step++) {
      // Some steps make more groups than a page has, so that pages come and go.
      const rows = upTo(20) === 0 ? 3000 : upTo(30)
      for (let i = 0; i < rows; i++) {
        const window = watermark - (watermark % SIZE) + upTo(3) * SIZE
        const key = [upTo(5), 2 ** 40 + upTo(3000), `text ${upTo(4)}`, null][upTo(4)]
        const value = [upTo(9) - 4, 2n ** 62n - BigInt(upTo(3)), -(2n ** 62n), null][upTo(4)]!
        count(state, window, key, value)
        model.count(window, key, value)
      }
      if (upTo(3) === 0) commit(upTo(2) === 0 ? undefined : 100)
      if (upTo(4) > 0) continue
      watermark += upTo(15)
      const gone = closed(state, watermark)
      assert.deepEqual(
        gone.map(windowOf),
        gone.map(windowOf).sort((a, b) => a - b)
      )
      assert.deepEqual(byName(gone), byName(model.close(watermark)))
      assert.equal(state.size, model.groups.size)
      if (upTo(3) > 0) continue
      commit()
      const { reached } = state
      state = new PackedState(definition)
      if (upTo(2) === 0)
        state.restoreRows(
          [...log.values()].map(row => JSON.parse(String(row), revive) as unknown[])
        )
      else for (const [key, row] of log) state.restore(Buffer.from(key), row)
      state.reach(reached)
      assert.equal(state.size, model.groups.size)
    }
  })
}

/** As the changelog spells bigints. */
function revive(_: string, value: unknown): unknown {
  const { n } = (value ?? {}) as { readonly n?: string }
  return n === undefined ? value : BigInt(n)
}

test('NaN is a value, and the greatest; NULL is none', () => {
  const state = new PackedState({ ...definition, numbers: ['number', 'value', 'value'] })
  const take = (value: number): void => {
    let at = state.find(0, 'a')
    if (at < 0) at = state.add('a', 0, 'a')
    state.takeLeast(at + 1, value)
    state.takeGreatest(at + 2, value)
  }
  const now = (): unknown[] => [1, 2].map(offset => state.valueAt(state.find(0, 'a') + offset))
  take(NaN)
  assert.deepEqual(now(), [NaN, NaN])
  take(3)
  assert.deepEqual(now(), [3, NaN])
  take(-Infinity)
  assert.deepEqual(now(), [-Infinity, NaN])
  take(NaN)
  assert.deepEqual(now(), [-Infinity, NaN])
  assert.equal(state.valueAt(state.add('b', 0, 'b') + 1), null)
})

test('what a checkpoint has is told when it leaves, also where no commit came between', () => {
  const state = new PackedState(definition)
  count(state, 0, 'a', 1)
  const checkpoint = [...state.encoded()]
  assert.equal(closed(state, SIZE).length, 1)
  const restored = new PackedState(definition)
  for (const { key, row } of checkpoint) restored.restore(key, row)
  for (const { key, row } of state.takeChanges()) restored.restore(key, row)
  assert.deepEqual(closed(restored, 100), [])
})

test('what changes while others are told is told again, beside what was told of it', () => {
  const state = new PackedState({ ...definition, tells: true })
  const change = (key: string): void => {
    if (state.find(0, key) < 0) state.add(key, 0, key)
    else if (state.isTold) state.remember(saved(state, state.place))
    state.numbers[state.find(0, key)]!++
  }
  const counts = (row: unknown): unknown => (row === null ? null : (row as unknown[])[2])
  change('a')
  change('b')
  const told: unknown[] = []
  for (const place of state.changed()) {
    // As where the loop gives way between them.
    if (told.length === 0) change('a')
    const before = state.tell(place)
    const now = saved(state, place)
    told.push([now[1], counts(before), counts(now)])
    if (told.length === 1) change('a')
  }
  assert.deepEqual(told, [
    ['a', null, 2],
    ['b', null, 1],
    ['a', 2, 3]
  ])
  state.free(SIZE)
  assert.deepEqual([...state.changed()], [])
})
