import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slopeOf } from '../../soak/slope.ts'

test('the slope of a line is its own, and ups and downs around it change little', () => {
  const line = Array.from({ length: 100 }, (_, i) => ({ at: 1000 + i, value: 150 + 0.25 * i }))
  assert.ok(Math.abs(slopeOf(line) - 0.25) < 1e-9)
  const saw = line.map(({ at }, i) => ({ at, value: 150 + (i % 10) }))
  assert.ok(Math.abs(slopeOf(saw)) < 0.02, String(slopeOf(saw)))
  assert.equal(slopeOf([]), 0)
  assert.equal(slopeOf(line.slice(0, 1)), 0)
})
