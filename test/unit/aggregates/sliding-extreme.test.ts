import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlidingExtreme } from '../../../runtime/aggregates/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const compare = (a: number, b: number): number => a - b

for (const sign of [1, -1] as const) {
  test(`the ${sign > 0 ? 'greatest' : 'smallest'} of values that leave as they came`, () => {
    const random = makeRandom(sign + 2)
    let extreme = new SlidingExtreme()
    const values: number[] = []
    for (let i = 0; i < 20_000; i++) {
      // Long stretches that grow, and others that shrink.
      const grows = Math.floor(i / 700) % 3 !== 0
      if (values.length === 0 || random(10) < (grows ? 6 : 4)) {
        const value = random(40)
        values.push(value)
        extreme.add(value, compare as never, sign)
      } else extreme.remove(values.shift(), compare as never)
      const best = values.toSorted((a, b) => sign * (b - a))[0] ?? null
      assert.equal(extreme.best(), best)
      if (random(1000) === 0) extreme = SlidingExtreme.load(extreme.save())
    }
  })
}

test('of equals the oldest that is there', () => {
  const extreme = new SlidingExtreme()
  const [a, b] = [{ n: 1 }, { n: 1 }]
  const byNumber = ((left: typeof a, right: typeof a) => left.n - right.n) as never
  extreme.add(a, byNumber, 1)
  extreme.add(b, byNumber, 1)
  assert.equal(extreme.best(), a)
  extreme.remove(a, byNumber)
  assert.equal(extreme.best(), b)
})
