import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyMap } from '../../../runtime/state/key-map.ts'
import { KeySet } from '../../../runtime/state/key-set.ts'
import { NumberMap } from '../../../runtime/state/number-map.ts'
import { limitMaps } from '../../support/limit-maps.ts'

type Key = string | number | bigint | boolean | null

/** What a Map tells apart, and what it does not. */
const HOSTILE: readonly Key[] = [
  ...['', '__proto__', 'constructor', 'hasOwnProperty', '0', '1', 'é', '\u0000', 'x'.repeat(5000)],
  ...[0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, Number.MIN_VALUE, 2 ** 31, -(2 ** 31), 2 ** 32],
  ...[2 ** 53 - 1, 2 ** 53, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 1n, true, false, null]
]

/** The same for each seed. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % below
  }
}

const kinds: Readonly<Record<string, (n: number) => Key>> = {
  'small integers': n => n - 50,
  'integers that differ in their high bits': n => (n + 1) * 2 ** 40,
  'integers that differ in bit 16 and higher': n => n << 16,
  halves: n => n / 2,
  texts: n => `key ${n}`,
  'safe and unsafe integers': n => (n % 3 === 0 ? 2n ** 53n + BigInt(n) : n)
}

for (const [name, keyOf] of Object.entries(kinds)) {
  test(`a KeyMap has what a Map has: ${name}`, () => {
    for (let seed = 1; seed <= 20; seed++) compare(seed, keyOf)
  })
}

function compare(seed: number, keyOf: (n: number) => Key): void {
  const random = makeRandom(seed)
  const range = 1 + random(3000)
  // With few deletes it grows, with many it closes holes.
  const deletes = random(9)
  const model = new Map<Key, number>()
  using _ = limitMaps(random(2) === 0 ? Infinity : 100)
  const map = new KeyMap<Key, number>()
  for (let step = 0; step < 4000; step++) {
    const key = random(20) === 0 ? HOSTILE[random(HOSTILE.length)]! : keyOf(random(range))
    if (random(10) < deletes) {
      map.delete(key)
      model.delete(key)
    } else {
      map.set(key, step)
      model.set(key, step)
    }
    const other = keyOf(random(range))
    assert.equal(map.get(other), model.get(other), `seed ${seed}: ${String(other)}`)
    assert.equal(map.size, model.size, `seed ${seed}`)
  }
  for (const key of HOSTILE) assert.equal(map.get(key), model.get(key))
  assert.equal([...map.keys()].length, model.size)
  for (const isWide of [true, false]) {
    const ordered = (entries: Iterable<readonly [Key, number]>): (readonly [Key, number])[] =>
      [...entries].filter(([key]) => isWideNumber(key) === isWide)
    assert.deepEqual(ordered(map.entries()), ordered(model), `seed ${seed}: order`)
  }
}

function isWideNumber(key: Key): boolean {
  return typeof key === 'number' && (key | 0) !== key && key === key
}

test('who goes through numbers sees each that stays once, whatever is added and deleted meanwhile', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = makeRandom(seed)
    const map = new NumberMap<number>()
    const stays = new Set<number>()
    for (let key = 0; key < 1000; key++) {
      map.set(key, key)
      if (random(4) === 0) stays.add(key)
    }
    const seen: number[] = []
    let added = 1000
    for (const [key, value] of map.entries()) {
      assert.equal(value, key)
      seen.push(key)
      for (let i = random(4); i > 0; i--) {
        const gone = random(1000)
        // Also the one that is being looked at.
        for (const each of [gone, key]) if (!stays.has(each)) map.delete(each)
      }
      if (added < 9000) for (let i = random(9); i > 0; i--) map.set(added++, added - 1)
    }
    assert.equal(new Set(seen).size, seen.length, `seed ${seed}: twice`)
    assert.deepEqual(
      seen.filter(key => stays.has(key)),
      [...stays],
      `seed ${seed}`
    )
  }
})

test('keys that come and go take no more memory than those that are there', () => {
  const map = new NumberMap<number>()
  for (let key = 0; key < 300_000; key++) {
    map.set(key, key)
    if (key >= 10) map.delete(key - 10)
  }
  assert.deepEqual(
    [...map.entries()].map(([key]) => key),
    Array.from({ length: 10 }, (_, i) => 299_990 + i)
  )
})

test('who goes through keys sees those that move to typed arrays meanwhile, once', () => {
  for (let count = 1; count < 200; count++) {
    const map = new KeyMap<Key, number>()
    const keyOf = (n: number): number => (n % 3 === 0 ? n : n * 2 ** 40)
    for (let n = 0; n < count; n++) map.set(keyOf(n), n)
    const seen: number[] = []
    for (const [, n] of map.entries()) {
      if (n < count) seen.push(n)
      if (seen.length === Math.ceil(count / 2))
        for (let more = count; more < count + 200; more++) map.set(keyOf(more), more)
    }
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, n) => n)
    )
  }
})

for (const [name, keyOf] of Object.entries(kinds)) {
  test(`a KeySet has what a Set has, in its order: ${name}`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = makeRandom(seed)
      const range = 1 + random(500)
      const model = new Set<Key>()
      using _ = limitMaps(40)
      const set = new KeySet<Key>()
      for (let step = 0; step < 4000; step++) {
        const key = random(20) === 0 ? HOSTILE[random(HOSTILE.length)]! : keyOf(random(range))
        if (random(10) < 4) assert.equal(set.delete(key), model.delete(key))
        else {
          assert.equal(set.add(key), !model.has(key))
          model.add(key)
        }
        assert.equal(set.size, model.size)
        if (random(500) === 0) {
          set.clear()
          model.clear()
        }
      }
      assert.deepEqual([...set], [...model], `seed ${seed}`)
      for (const key of [...model, ...HOSTILE]) assert.equal(set.has(key), model.has(key))
    }
  })
}

test('what is full and loses its keys is given up', t => {
  using _ = limitMaps(40)
  const [map, set] = [new KeyMap<string, number>(), new KeySet<string>()]
  const keyOf = (n: number): string => `key ${n}`
  for (let n = 0; n < 20_000; n++) {
    map.set(keyOf(n), n)
    set.add(keyOf(n))
    // One in 1,000 stays.
    if (n < 60 || (n - 60) % 1000 === 0) continue
    map.delete(keyOf(n - 60))
    set.delete(keyOf(n - 60))
  }
  assert.equal(set.size, 80)
  assert.deepEqual([...map.keys()], [...set])
  // One that is not there is asked of all Maps and Sets.
  const asked = [t.mock.method(Map.prototype, 'has'), t.mock.method(Set.prototype, 'has')]
  assert.ok(!map.has('none') && !set.has('none'))
  for (const { mock } of asked) assert.ok(mock.callCount() < 12, String(mock.callCount()))
})

test('who goes through keys sees each that stays once, whatever is full meanwhile', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = makeRandom(seed)
    using _ = limitMaps(40)
    const [map, set] = [new KeyMap<string, number>(), new KeySet<string>()]
    const stays = new Set<string>()
    for (let n = 0; n < 400; n++) {
      map.set(`key ${n}`, n)
      set.add(`key ${n}`)
    }
    for (let n = 0; n < 400; n += 1 + random(40)) if (stays.size < 30) stays.add(`key ${n}`)
    for (const keys of [map.keys(), set]) {
      const seen: string[] = []
      for (const key of keys) {
        seen.push(key)
        for (let n = 0; n < 8; n++) {
          const gone = `key ${random(400)}`
          if (!stays.has(gone) && (map.delete(gone) || set.delete(gone))) continue
          if (seen.length > 300) break
          map.set(`more ${seed} ${seen.length} ${n}`, n)
          set.add(`more ${seed} ${seen.length} ${n}`)
        }
      }
      assert.equal(
        new Set(seen.slice(0, 40)).size,
        Math.min(40, seen.length),
        `seed ${seed}: twice`
      )
      assert.deepEqual(
        seen.filter(key => stays.has(key)),
        [...stays],
        `seed ${seed}`
      )
    }
  }
})
