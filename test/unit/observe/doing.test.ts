import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doing, done, during, numberOf, waiting } from '../../../runtime/observe/doing.ts'

test('work within another is at its own part, and then at the other again, whatever happens in it', () => {
  doing[0] = 7
  const inner = during('sending', () => [doing[0], during('reading', () => doing[0]), doing[0]])
  assert.deepEqual(inner, [numberOf('sending'), numberOf('reading'), numberOf('sending')])
  assert.equal(doing[0], 7)
  const failing = () =>
    during('committing', () => {
      throw new Error('full')
    })
  assert.throws(failing, /full/)
  assert.equal(doing[0], 7)
  done()
  assert.equal(doing[0], 0)
})

test('who waits is at nothing, and goes on with what it was at', async () => {
  doing[0] = 7
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const answer = waiting(promise)
  assert.equal(doing[0], 0)
  // Meanwhile others do something.
  assert.equal(
    during('statements', () => doing[0]),
    numberOf('statements')
  )
  resolve('there')
  assert.equal(await answer, 'there')
  assert.equal(doing[0], 7)
  const failing = Promise.withResolvers<string>()
  const refused = waiting(failing.promise)
  failing.reject(new Error('gone'))
  await assert.rejects(refused, /gone/)
  assert.equal(doing[0], 7)
  reject(new Error('too late'))
  done()
})
