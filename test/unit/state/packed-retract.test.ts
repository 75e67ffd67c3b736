import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Group, GroupDefinition, PackedDefinition } from '../../../runtime/contract/index.ts'
import { DoubleSum } from '../../../runtime/sql/double-sum.ts'
import { addInteger, subtractInteger } from '../../../runtime/sql/integer-sum.ts'
import { GroupState, PackedState } from '../../../runtime/state/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const shared = {
  name: 'counts',
  layout: 'test',
  keys: 1,
  columns: ['key', 'count', 'sum', 'total', 'mean'],
  sources: [],
  windowOf: () => null,
  keyOf: (saved: readonly unknown[]) => saved[0],
  closesAt: () => Infinity,
  line: 1
}

const packedDefinition: PackedDefinition = {
  ...shared,
  numbers: ['number', 'integer', 'number', 'sum'],
  tells: true
}

type Integer = number | bigint

class Counts implements Group {
  touched = -1
  stored = false
  told: Row | null = null
  rows = 0
  sum: Integer = 0
  count = 0
  total = new DoubleSum()
  readonly key: unknown

  constructor(key: unknown) {
    this.key = key
  }
}

type Row = readonly [
  key: unknown,
  count: number,
  sum: Integer,
  total: number | null,
  mean: number | null
]

const definition: GroupDefinition<Counts> = {
  ...shared,
  save: ({ key, rows, sum, count, total }) => [key, rows, sum, count, total.save()],
  sets: null,
  load([key, rows, sum, count, total]) {
    const group = new Counts(key)
    Object.assign(group, { rows, sum, count, total: DoubleSum.load(total) })
    group.told = rowOf(group)
    return group
  },
  expires: false
}

function rowOf({ key, count, sum, total }: Counts): Row {
  return [key, count, sum, total.sum(), total.average()]
}

interface Counted {
  readonly key: unknown
  readonly value: Integer | null
  readonly double: number | null
}

/** What generated code does with either state. */
interface Counter {
  readonly state: GroupState<Counts> | PackedState
  /** `sign`: 1: the row comes; -1: it leaves. */
  count(row: Counted, sign: 1 | -1): void
  /** What has become of groups, before and after. */
  tell(): (readonly [Row | null, Row | null])[]
}

class Objects implements Counter {
  readonly state = new GroupState(definition)

  count({ key, value, double }: Counted, sign: 1 | -1): void {
    const { state } = this
    const found = state.find(null, key)
    if (found === undefined && sign < 0) return
    const group = found ?? state.add(key, new Counts(key))
    state.touch(group)
    group.rows += sign
    if (double !== null) group.total[sign > 0 ? 'add' : 'remove'](double)
    if (value === null) return
    group.sum = (sign > 0 ? addInteger : subtractInteger)(group.sum, value)
    group.count += sign
  }

  tell(): (readonly [Row | null, Row | null])[] {
    return Array.from(this.state.changed(), group => {
      const { told } = group
      group.told = group.rows === 0 ? null : rowOf(group)
      if (group.rows === 0) this.state.remove(group)
      return [told, group.told] as const
    })
  }
}

class Places implements Counter {
  readonly state = new PackedState(packedDefinition)

  count({ key, value, double }: Counted, sign: 1 | -1): void {
    const { state } = this
    let at = state.find(null, key)
    if (at < 0) {
      if (sign < 0) return
      at = state.add(key, key)
    } else if (state.isTold) state.remember(this.#row())
    state.touch()
    const { numbers } = state
    numbers[at]! += sign
    if (double !== null) state[sign > 0 ? 'addDouble' : 'removeDouble'](at + 3, double)
    if (value === null) return
    if (sign > 0) state.addInteger(at + 1, value)
    else state.subtractInteger(at + 1, value)
    numbers[at + 2]! += sign
  }

  #row(): Row {
    const { state } = this
    const at = state.go(state.place)
    const { numbers } = state
    const total = state.doubleSum(at + 3)
    const mean = state.doubleAverage(at + 3)
    return [state.keyAt(0), numbers[at + 2]!, state.valueAt(at + 1)!, total, mean]
  }

  tell(): (readonly [Row | null, Row | null])[] {
    const { state } = this
    return Array.from(state.changed(), place => {
      const told = state.tell(place) as Row | null
      const isEmpty = state.numbers[state.go(place)] === 0
      const now = isEmpty ? null : this.#row()
      if (isEmpty) state.remove(place)
      return [told, now] as const
    })
  }
}

/** One that was not told before nor is there now may be left out. */
function told(
  changes: readonly (readonly [Row | null, Row | null])[]
): Map<unknown, readonly [Row | null, Row | null]> {
  const heard = changes.filter(
    ([before, now]) => JSON.stringify(before, spell) !== JSON.stringify(now, spell)
  )
  return new Map(heard.map(change => [(change[0] ?? change[1])![0], change]))
}

function spell(_: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value
}

/** A changelog, and the states that write it. */
class Run {
  counter: Counter
  readonly #make: () => Counter
  readonly log = new Map<string, string>()

  constructor(make: () => Counter) {
    this.#make = make
    this.counter = make()
  }

  commit(limit?: number): void {
    for (const { key, row } of this.counter.state.takeChanges(limit)) {
      if (row === null) assert.ok(this.log.delete(String(key)), 'only what was written is deleted')
      else this.log.set(String(key), String(row))
    }
  }

  restart(): void {
    this.counter = this.#make()
    const { state } = this.counter
    for (const [key, row] of this.log) state.restore(Buffer.from(key), Buffer.from(row))
  }
}

const KEYS = ['a', 'b', null, 2 ** 40, 2 ** 53]
const DOUBLES = [null, 0.1, -0.25, -0, 1e-300, 2 ** 53 + 2, -1e300, NaN, Infinity, -Infinity]
const VALUES = [1, -3, null, 2n ** 53n + 1n, -(2n ** 62n), 2 ** 53 - 1]

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`groups in arrays of which rows leave are what groups of objects are, seed ${seed}`, () => {
    const upTo = makeRandom(seed)
    const runs = [new Run(() => new Objects()), new Run(() => new Places())] as const
    const rows: Counted[] = []
    const count = (row: Counted, sign: 1 | -1): void =>
      runs.forEach(({ counter }) => counter.count(row, sign))
    const change = (): void => {
      if (upTo(2) === 0 && rows.length > 0) {
        const [row] = rows.splice(upTo(rows.length), 1)
        return count(row!, -1)
      }
      const key = upTo(3) === 0 ? `key ${upTo(40)}` : KEYS[upTo(KEYS.length)]
      // Of some keys the doubles are numbers that few parts can say, until others come.
      const double = upTo(2) === 0 ? upTo(1e6) / 100 : (DOUBLES[upTo(DOUBLES.length)] ?? null)
      rows.push({ key, value: VALUES[upTo(VALUES.length)] ?? null, double })
      count(rows.at(-1)!, 1)
    }
    const failStatement = (): void => {
      const before = [...rows]
      for (const { counter } of runs) counter.state.begin()
      for (let i = upTo(12); i > 0; i--) change()
      const succeeds = upTo(2) === 0
      for (const { counter } of runs) counter.state.end(succeeds)
      if (!succeeds) rows.splice(0, Infinity, ...before)
    }
    for (let step = 0; step < 400; step++) {
      if (upTo(10) === 0) count({ key: 'nobody', value: 1, double: 1 }, -1)
      for (let i = upTo(8); i > 0; i--) change()
      if (upTo(3) === 0) failStatement()
      if (upTo(2) > 0) continue
      const [objects, places] = runs.map(({ counter }) => told(counter.tell()))
      assert.deepEqual(places, objects)
      assert.equal(runs[1].counter.state.size, runs[0].counter.state.size)
      runs.forEach(run => run.commit(step % 3 === 0 ? 4 : undefined))
      if (step % 3 > 0) assert.deepEqual(runs[1].log, runs[0].log)
      if (upTo(5) > 0) continue
      runs.forEach(run => run.commit())
      // What a checkpoint says is what the changelog says.
      for (const { counter, log } of runs) {
        const all = Array.from(counter.state.encoded(), ({ key, row }) => [
          String(key),
          String(row)
        ])
        assert.deepEqual(new Map(all as [string, string][]), log)
      }
      runs.forEach(run => run.restart())
    }
  })
}
