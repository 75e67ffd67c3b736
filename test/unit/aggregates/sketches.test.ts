import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DistinctSketch, QuantileSketch } from '../../../runtime/aggregates/index.ts'

/** Numbers that look random and are the same in every run. */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const kinds: readonly (readonly [name: string, make: (i: number) => unknown])[] = [
  ['small integers', i => i],
  ['large integers', i => i * 1_000_003 + 2 ** 40],
  ['beyond safe integers', i => 9007199254740993n + BigInt(i)],
  ['doubles', i => i / 7],
  ['texts', i => `user ${i}`],
  ['texts that differ in front', i => `${i}: the same text behind, of some length`]
]

for (const [name, make] of kinds) {
  test(`the count of different ${name} is within its error`, () => {
    const sketch = new DistinctSketch()
    const errors: number[] = []
    let next = 1
    for (let count = 1; count <= 300_000; count++) {
      sketch.add(make(count))
      if (count % 3 === 0) sketch.add(make(count / 3))
      if (count < next) continue
      next = Math.ceil(next * 1.1)
      const found = sketch.estimate()
      if (count <= 512) assert.equal(found, count)
      else errors.push((found - count) / count)
    }
    // Four standard errors, and on average one.
    assert.ok(
      errors.every(error => Math.abs(error) < 0.065),
      `at most ${Math.max(...errors)}`
    )
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    assert.ok(spread < 0.025, `${spread}`)
  })
}

test('counts of parts merge to the count of all, also when saved', () => {
  const merged = (sizes: readonly number[]): number => {
    const all = new DistinctSketch()
    const whole = new DistinctSketch()
    let value = 0
    for (const size of sizes) {
      const part = new DistinctSketch()
      for (let i = 0; i < size; i++) {
        // Every second value is in the part before, too.
        part.add(value + (i >> 1))
        whole.add(value + (i >> 1))
      }
      value += size >> 2
      all.merge(DistinctSketch.load(part.save()))
    }
    const loaded = DistinctSketch.load(all.save())
    assert.equal(loaded.estimate(), all.estimate())
    assert.equal(loaded.estimate(), whole.estimate())
    loaded.add('more')
    assert.equal(all.estimate(), whole.estimate(), 'what was loaded is a copy')
    return all.estimate()
  }
  assert.equal(merged([10, 20, 30]), 22)
  merged([400, 400, 400, 400])
  merged([100_000, 3, 100_000])
  merged([3, 100_000])
})

test('minus zero is zero, NaN is NaN', () => {
  const sketch = new DistinctSketch()
  for (const value of [0, -0, NaN, NaN, 1]) sketch.add(value)
  assert.equal(sketch.estimate(), 3)
})

const fractions = [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1]

/** What the sketch says is at most 1 % off the value at its place. */
function assertNear(values: readonly number[], sketch: QuantileSketch): void {
  const sorted = values.toSorted((a, b) => a - b)
  for (const fraction of fractions) {
    for (const descending of [false, true]) {
      const found = sketch.quantile(fraction, descending)!
      const order = descending ? sorted.toReversed() : sorted
      const exact = order[Math.floor(fraction * (order.length - 1))]!
      assert.ok(Math.abs(found - exact) <= 0.010001 * Math.abs(exact), `${found} for ${exact}`)
    }
  }
}

test('percentiles are within 1 %, whatever the values are spread like', () => {
  const random = makeRandom(1)
  const spreads: readonly (() => number)[] = [
    () => random() * 1000,
    () => Math.round(random() * 10) - 5,
    () => (random() - 0.5) * 1e300 ** random(),
    () => Math.exp(20 * random()),
    () => -Math.exp(5 * random())
  ]
  for (const spread of spreads) {
    const values = Array.from({ length: 5000 }, spread)
    const sketch = new QuantileSketch()
    for (const value of values) sketch.add(value)
    assertNear(values, sketch)
    const half = values.slice(0, 2500)
    for (const value of values.slice(2500)) sketch.remove(value)
    assertNear(half, sketch)
    const other = new QuantileSketch()
    for (const value of values.slice(2500)) other.add(value)
    other.merge(QuantileSketch.load(sketch.save()))
    assertNear(values, other)
  }
})

test('percentiles of few values and of those that are no numbers', () => {
  const sketch = new QuantileSketch()
  assert.equal(sketch.quantile(0.5, false), null)
  for (const value of [NaN, Infinity, 0, -0, -Infinity, 5e-324, Number.MAX_VALUE]) sketch.add(value)
  const all = Array.from({ length: 7 }, (_, i) => sketch.quantile(i / 6, false))
  assert.deepEqual([all[0], all[1], all[2], all[5]], [-Infinity, 0, 0, Infinity])
  assert.ok(Number.isNaN(all[6]))
  for (const value of [NaN, Infinity, 0, -0, -Infinity, 5e-324, Number.MAX_VALUE]) {
    sketch.remove(value)
  }
  assert.equal(sketch.quantile(0.5, false), null)
})
