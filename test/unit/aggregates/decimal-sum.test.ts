import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DecimalSum } from '../../../runtime/aggregates/index.ts'
import { makeDecimal } from '../../../runtime/sql/decimal.ts'

test('values of all scales come, go and merge in any order', () => {
  const values = [makeDecimal(1n, 0), makeDecimal(1n, 1), makeDecimal(-350n, 2), makeDecimal(7n, 3)]
  const total = makeDecimal(-2393n, 3)
  for (const order of permutations(values)) {
    const sum = new DecimalSum()
    for (const value of order) sum.add(value)
    assert.deepEqual(sum.sum(0), total)
    const [first, ...rest] = order
    const [left, right] = [new DecimalSum(), new DecimalSum()]
    left.add(first!)
    for (const value of rest) right.add(value)
    left.merge(right)
    assert.deepEqual(left.sum(0), total)
    for (const value of rest) left.remove(value)
    assert.equal(Number(left.sum(0)!.unscaled) / 10 ** left.sum(0)!.scale, numberOf(first!))
  }
})

function numberOf({ unscaled, scale }: ReturnType<typeof makeDecimal>): number {
  return Number(unscaled) / 10 ** scale
}

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length === 0) return [[]]
  return values.flatMap((value, i) =>
    permutations(values.toSpliced(i, 1)).map(rest => [value, ...rest])
  )
}
