import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DoubleSum } from '../../../runtime/sql/double-sum.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

/** All numbers below are multiples of 2^-600. */
const SCALE = 600n

/** Exact: the number as so many 2^-600. */
function scaled(value: number): bigint {
  // Twice, since 2^600 times the largest of them is more than a double can say.
  return value === 0 ? 0n : BigInt(value * 2 ** 300 * 2 ** 300)
}

/** What a BigInt is as a double is rounded half to even. */
function unscaled(sum: bigint): number {
  return Number(sum) / 2 ** Number(SCALE)
}

for (const seed of [1, 2, 3, 4]) {
  test(`a sum of doubles is exact, whatever came and left, seed ${seed}`, () => {
    const upTo = makeRandom(seed)
    // Of one magnitude, of some, and of so many that many parts are needed.
    const spread = [1, 40, 130, 500][seed - 1]!
    const sum = new DoubleSum()
    const values: number[] = []
    let exact = 0n
    for (let step = 0; step < 5000; step++) {
      if (values.length > 0 && upTo(5) < 2) {
        const [left] = values.splice(upTo(values.length), 1)
        sum.remove(left!)
        exact -= scaled(left!)
      } else {
        const value = (upTo(2 ** 31) / 100 - 2 ** 24) * 2 ** (upTo(spread) - spread / 2)
        values.push(value)
        sum.add(value)
        exact += scaled(value)
      }
      assert.equal(sum.sum(), values.length === 0 ? null : unscaled(exact))
      const [parts] = sum.save()
      assert.ok(spread > 100 || parts.length <= 5, 'no more parts than are needed')
    }
    for (const value of values) sum.remove(value)
    assert.deepEqual(sum.save(), [[], 0, 0, 0, 0])
  })
}

test('half of a last bit is rounded by what is far below it', () => {
  const sumOf = (...values: number[]): number | null => {
    const sum = new DoubleSum()
    for (const value of values) sum.add(value)
    return sum.sum()
  }
  assert.equal(sumOf(2 ** 53, 1), 2 ** 53)
  assert.equal(sumOf(2 ** 53, 1, 2 ** -200), 2 ** 53 + 2)
  assert.equal(sumOf(2 ** 53, 1, -(2 ** -200)), 2 ** 53)
  assert.equal(sumOf(0.1, 1e300, -1e300), 0.1)
})
