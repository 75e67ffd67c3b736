import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProcessingTime } from '../../../runtime/time/processing-time.ts'

const START = Date.UTC(2026, 0, 1)

function open() {
  const machine = { set: START, elapsed: 0 }
  const leaps: number[] = []
  const clock = {
    now: () => Math.floor(machine.set + machine.elapsed),
    elapsed: () => machine.elapsed,
    sleep: async () => {}
  }
  const time = new ProcessingTime(clock, ms => leaps.push(ms))
  return {
    leaps,
    now: () => time.tick() - START,
    pass: (ms: number) => void (machine.elapsed += ms),
    /** Somebody sets the clock. */
    set: (by: number) => void (machine.set += by)
  }
}

test('it is what the clock says, however often it is asked', () => {
  const { now, pass, leaps } = open()
  for (let ms = 0; ms < 100; ms++) {
    assert.equal(now(), Math.floor(ms * 0.3))
    pass(0.3)
  }
  pass(86_400_000)
  assert.equal(now(), 86_400_030)
  assert.deepEqual(leaps, [])
})

test('where the clock was set ahead it follows', () => {
  const { now, pass, set, leaps } = open()
  pass(1000)
  set(3_600_000)
  assert.equal(now(), 3_601_000)
  pass(1000)
  assert.equal(now(), 3_602_000)
  assert.deepEqual(leaps, [3_600_000])
})

test('where the clock was set back it goes on at half its speed until the clock has caught up', () => {
  const { now, pass, set, leaps } = open()
  pass(1000)
  assert.equal(now(), 1000)
  set(-60_000)
  assert.equal(now(), 1000)
  pass(1)
  assert.equal(now(), 1000)
  pass(1)
  assert.equal(now(), 1001)
  pass(9998)
  assert.equal(now(), 6000)
  pass(110_000)
  assert.equal(now(), 61_000, 'both are there')
  pass(10_000)
  assert.equal(now(), 71_000)
  assert.deepEqual(leaps, [-60_000])
})

test('a second more or less is no leap', () => {
  const { now, set, leaps } = open()
  set(1000)
  now()
  set(-2000)
  now()
  assert.deepEqual(leaps, [])
})
