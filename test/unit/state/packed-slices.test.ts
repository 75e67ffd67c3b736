import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  KeyedState,
  PackedSlicedDefinition,
  SlicedDefinition,
  SlicedGroup,
  SlicedWindows,
  StateChange
} from '../../../runtime/contract/index.ts'
import { addInteger } from '../../../runtime/sql/integer-sum.ts'
import { PackedSlices, SlicedState } from '../../../runtime/state/index.ts'
import { cumulateWindows, hopWindows } from '../../../runtime/time/sliced-windows.ts'
import { makeRandom, pick, type Random } from '../../support/functions/random-value.ts'

type Integer = number | bigint

interface Row {
  readonly time: number
  readonly key: unknown
  readonly integer: Integer | null
  readonly double: number | null
}

/** What of windows and lags both ways share. */
type Sliced = Pick<SlicedDefinition, 'windows' | 'lag'>

const stage = {
  name: 'state',
  layout: 'test',
  keys: 3,
  columns: [],
  sources: [],
  keyOf: (saved: readonly unknown[]) => saved[2],
  line: 1
}

/** A state of slices, and how rows are counted into it and told. */
interface Way {
  readonly state: KeyedState & { readonly closed: number; readonly size: number }
  count(row: Row): void
  /** Saved groups of windows, in the order in which they are told. */
  tell(watermark: number): (readonly unknown[])[]
}

class Group implements SlicedGroup {
  touched = -1
  stored = false
  next: Group | null = null
  count = 0
  sum: Integer = 0
  total = 0
  least: Integer | null = null
  greatest: number | null = null
  readonly end: number
  readonly whole: number
  readonly key: unknown

  constructor(end: number, whole: number, key: unknown) {
    this.end = end
    this.whole = whole
    this.key = key
  }

  add(count: number, integer: Integer | null, double: number | null): void {
    this.count += count
    if (integer !== null && (this.least === null || integer < this.least)) this.least = integer
    if (double !== null && (this.greatest === null || isAbove(double, this.greatest)))
      this.greatest = double
  }

  get saved(): unknown[] {
    const { end, whole, key, count, sum, total, least, greatest } = this
    return [end, whole, key, count, sum, total, least, greatest]
  }
}

/** As SQL has it: NaN is the greatest. */
function isAbove(a: number, b: number): boolean {
  return Number.isNaN(a) ? !Number.isNaN(b) : a > b
}

function inObjects({ windows, lag }: Sliced): Way {
  const definition: SlicedDefinition<Group> = {
    ...stage,
    windows,
    lag,
    save: group => group.saved,
    load(saved) {
      const [end, whole, key, count, sum, total, least, greatest] = saved
      const group = new Group(end as number, whole as number, key)
      return Object.assign(group, { count, sum, total, least, greatest })
    },
    make: (end, { key }) => new Group(end, 0, key),
    merge(into, from) {
      into.sum = addInteger(into.sum, from.sum)
      into.total += from.total
      into.add(from.count, from.least, from.greatest)
    }
  }
  const state = new SlicedState(definition)
  return {
    state,
    count({ time, key, integer, double }) {
      const end = windows.sliceEnd(time)
      const after = state.closed - lag
      const isLate = windows.firstEnd(time) <= after
      const known = isLate ? new Group(NaN, 0, key) : state.find(end, key)
      const group = known ?? state.add(key, new Group(end, 1, key))
      state.touch(group)
      if (integer !== null) group.sum = addInteger(group.sum, integer)
      if (double !== null) group.total += double
      group.add(1, integer, double)
      if (isLate) state.spread(group, key, time, after)
    },
    tell: watermark =>
      Array.from(state.close(watermark)).flatMap(group =>
        group === null ? [] : [told(group.saved)]
      )
  }
}

function inArrays({ windows, lag }: Sliced): Way & { readonly state: PackedSlices } {
  const definition: PackedSlicedDefinition = {
    ...stage,
    windows,
    lag,
    numbers: ['number', 'integer', 'number', 'value', 'value'],
    merge(into, from) {
      const first = state.go(from)
      const [count, total] = [state.numbers[first]!, state.numbers[first + 2]!]
      const [sum, least, greatest] = [1, 3, 4].map(offset => state.valueAt(first + offset))
      add(state.go(into), count, { integer: least!, double: greatest as number | null })
      state.addInteger(state.go(into) + 1, sum!)
      state.numbers[state.go(into) + 2]! += total
    }
  }
  const state = new PackedSlices(definition)
  const add = (at: number, count: number, { integer, double }: Omit<Row, 'time' | 'key'>): void => {
    state.numbers[at]! += count
    if (integer !== null) state.takeLeast(at + 3, integer)
    if (double !== null) state.takeGreatest(at + 4, double)
  }
  return {
    state,
    count(row) {
      const { time, key, integer, double } = row
      const end = windows.sliceEnd(time)
      const after = state.closed - lag
      const isLate = windows.firstEnd(time) <= after
      let at = isLate ? state.makeLate(key) : state.find(end, key)
      if (at < 0) at = state.add(key, end, key)
      state.touch()
      if (integer !== null) state.addInteger(at + 1, integer)
      if (double !== null) state.numbers[at + 2]! += double
      add(at, 1, row)
      if (isLate) state.spread(key, time, after)
    },
    tell(watermark) {
      const all: (readonly unknown[])[] = []
      for (const place of state.close(watermark)) {
        if (place === null) continue
        state.go(place)
        all.push(told(state.save()))
      }
      return all
    }
  }
}

/** Whether it is in a slice is nobody's business. */
function told(saved: readonly unknown[]): readonly unknown[] {
  return [saved[0], ...saved.slice(2)]
}

type Record = readonly [key: string, row: string | null]

/** All changes, taken so many at a time, sorted by their keys: the order is nobody's, but that what left comes first. */
function changesOf({ state }: Way, limit = Infinity): Record[] {
  const textOf = (bytes: Uint8Array): string => String(Buffer.from(bytes))
  const changes: Record[] = []
  let part: readonly StateChange[]
  do {
    part = state.takeChanges(limit)
    changes.push(...part.map(({ key, row }): Record => [textOf(key), row && textOf(row)]))
  } while (part.length >= limit)
  return changes.sort(([a, left], [b]) => (a < b || (a === b && left === null) ? -1 : 1))
}

/** What a checkpoint holds, sorted by its keys: the order is nobody's. */
function checkpointOf({ state }: Way): Map<string, string> {
  const records = Array.from(state.encoded(), ({ key, row }) => [String(key), String(row)] as const)
  return new Map(records.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function restore({ state }: Way, log: ReadonlyMap<string, string>): void {
  for (const [key, row] of log) state.restore(Buffer.from(key), Buffer.from(row))
}

const BEYOND = 2 ** 53
const keys = [null, 'a', 'b', 1, 2 ** 40, 2 ** 40 + 1, 2 ** 40 + 2]
const integers = [null, 0, -4, 7, BEYOND - 1, BigInt(BEYOND) + 1n, -(2n ** 62n), 2n ** 62n]
const doubles = [null, null, 0.1, -0.25, 1e300, -0, NaN, Infinity]

function makeRow(random: Random, watermark: number): Row {
  return {
    time: Math.max(0, watermark - 30) + random(70),
    key: random(4) === 0 ? 2 ** 41 + random(3000) : pick(random, keys),
    integer: pick(random, integers),
    double: pick(random, doubles)
  }
}

const kinds: readonly SlicedWindows[] = [
  hopWindows(10, 30, 0),
  hopWindows(10, 35, 3),
  hopWindows(2, 60, 0),
  cumulateWindows(10, 40, 0)
]

for (let seed = 1; seed <= 24; seed++) {
  test(`slices in arrays are what slices of objects are, to the byte, seed ${seed}`, () => {
    const random = makeRandom(seed)
    const sliced = { windows: pick(random, kinds), lag: pick(random, [0, 5]) }
    let [objects, arrays] = [inObjects(sliced), inArrays(sliced)]
    const log = new Map<string, string>()
    const commit = (): void => {
      const limit = pick(random, [10, 100, Infinity])
      const changes = changesOf(objects, limit)
      assert.deepEqual(changesOf(arrays, limit), changes)
      for (const [key, row] of changes) {
        if (row === null) assert.ok(log.delete(key), 'only what was written is deleted')
        else log.set(key, row)
      }
    }
    let watermark = 0
    for (let step = 0; step < 200; step++) {
      // Some steps make more groups than a page has, so that pages come and go.
      const rows = random(50) === 0 ? 2000 : random(20)
      for (let i = 0; i < rows; i++) {
        const row = makeRow(random, watermark)
        if (sliced.windows.lastEnd(row.time) <= watermark - sliced.lag) continue
        objects.count(row)
        arrays.count(row)
      }
      if (random(3) === 0) commit()
      if (random(3) === 0) {
        watermark += random(random(10) === 0 ? 200 : 15)
        assert.deepEqual(arrays.tell(watermark), objects.tell(watermark))
      }
      assert.equal(arrays.state.size, objects.state.size)
      if (random(20) > 0) continue
      commit()
      const checkpoint = checkpointOf(objects)
      assert.deepEqual(checkpointOf(arrays), checkpoint)
      const from = pick(random, [log, checkpoint])
      ;[objects, arrays] = [inObjects(sliced), inArrays(sliced)]
      for (const way of [objects, arrays]) restore(way, from)
    }
    assert.deepEqual(arrays.tell(1e6), objects.tell(1e6))
    commit()
    assert.equal(arrays.state.size, 0)
    assert.equal(log.size, 1, 'only how far windows have been told')
  })
}

test('a window is told of what a slice was that has left, also where another group has its place', () => {
  // What a merge still had of slices that were let go once was whoever came next.
  const arrays = inArrays({ windows: hopWindows(10, 30, 0), lag: 0 })
  const row = (time: number, key: string): Row => ({ time, key, integer: 1, double: 1 })
  for (const time of [5, 15, 25]) arrays.count(row(time, 'a'))
  assert.deepEqual(arrays.tell(30).at(-1), [30, 'a', 3, 3, 3, 1, 1])
  for (let i = 0; i < 5; i++) arrays.count(row(35, `other ${i}`))
  const told = arrays.tell(40)
  assert.deepEqual(told[0], [40, 'a', 2, 2, 2, 1, 1])
  assert.equal(told.length, 6)
})

test('what is late for some windows is in no commit by itself', () => {
  const arrays = inArrays({ windows: hopWindows(10, 30, 0), lag: 0 })
  arrays.count({ time: 5, key: null, integer: null, double: null })
  assert.equal(arrays.tell(10).length, 1)
  arrays.count({ time: 6, key: null, integer: 2n ** 60n, double: NaN })
  const rows = changesOf(arrays).map(([key]) => key)
  assert.deepEqual(rows, ['["closed"]', '[10,1,null]', '[20,0,null]', '[30,0,null]'])
  const sums = arrays.tell(100).map(([end, , count, sum, , least, greatest]) => {
    return [end, count, sum, least, greatest]
  })
  assert.deepEqual(sums, [
    [20, 2, 2n ** 60n, 2n ** 60n, NaN],
    [30, 2, 2n ** 60n, 2n ** 60n, NaN]
  ])
})

/** How many places there are, when so many more groups are made. */
function placesWith(state: PackedSlices, groups: number): number {
  let last = 0
  for (let i = 0; i < groups; i++) {
    state.makeLate(i)
    last = Math.max(last, state.place)
  }
  return last + 1
}

test('places of what windows no longer have are given to others', () => {
  for (const windows of kinds) {
    const { state, count, tell } = inArrays({ windows, lag: 0 })
    for (let time = 0; time < 5000; time++) {
      const row = { key: `key ${time % 7}`, integer: 2n ** 60n, double: NaN }
      count({ ...row, time })
      tell(time - 5)
      // Late for some of its windows, but not for all.
      count({ ...row, time: time - 10 })
    }
    const places = placesWith(state, 500)
    assert.ok(places < 1000, `${places} places`)
  }
})

test('a group that comes again from the changelog has the place that it had', () => {
  const { state } = inArrays({ windows: hopWindows(10, 30, 0), lag: 0 })
  for (let count = 1; count < 100; count++) {
    const row = Buffer.from(`[10,1,"a",${count},{"n":"${2n ** 60n}"},0,null,null]`)
    state.restore(Buffer.from('[10,1,"a"]'), row)
  }
  assert.equal(state.size, 1)
  assert.equal(placesWith(state, 1), 2)
  state.restore(Buffer.from('[10,1,"a"]'), null)
  assert.equal(state.size, 0)
})
