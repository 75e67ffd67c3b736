import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pauseAfter } from '../../../../runtime/connect/fetch/pace.ts'

test('a broker that answers with little is asked every other millisecond', () => {
  assert.equal(pauseAfter(0, 100), 2)
  assert.equal(pauseAfter(0.5, 100_000), 1.5)
})

test('what comes alone, and a backlog, are asked for at once', () => {
  assert.equal(pauseAfter(2, 100), 0)
  assert.equal(pauseAfter(250, 0), 0)
  assert.equal(pauseAfter(0.1, 1 << 18), 0)
})
