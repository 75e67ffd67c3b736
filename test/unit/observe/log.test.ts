import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fields, makeLogger, withFields } from '../../../runtime/observe/log.ts'

/** A logger with its lines, and a clock that stands still until it is set. */
function open() {
  const clock = { elapsed: 0 }
  const lines: Fields[] = []
  const logger = makeLogger({
    format: 'json',
    level: 'info',
    clock: { now: () => 0, elapsed: () => clock.elapsed },
    write: line => {
      const { level: _level, time: _time, ...said } = JSON.parse(line) as Record<string, string>
      lines.push(said)
    }
  })
  const take = (): readonly Fields[] => lines.splice(0)
  return { clock, logger, take }
}

test('a message comes once in ten seconds, and the next line says how often it was left out', () => {
  const { clock, logger, take } = open()
  for (let i = 0; i < 5; i++) logger.limited('warn', 'rejected', { record: i })
  clock.elapsed = 10_000
  logger.limited('warn', 'rejected', { record: 5 })
  assert.deepEqual(take(), [
    { message: 'rejected', record: 0 },
    { message: 'rejected', record: 5, repeated: 4 }
  ])
})

test('what comes no more is told of too: when its time is over, or at the end', () => {
  const { clock, logger, take } = open()
  for (let i = 0; i < 5; i++) logger.limited('warn', 'rejected', { record: i }, 'orders')
  logger.limited('warn', 'seldom', {})
  take()
  clock.elapsed = 9_999
  logger.tellRest(false)
  assert.deepEqual(take(), [])
  clock.elapsed = 10_000
  logger.tellRest(false)
  logger.tellRest(false)
  assert.deepEqual(take(), [{ message: 'rejected', of: 'orders', repeated: 4 }])
  for (let i = 0; i < 3; i++) logger.limited('warn', 'rejected', { record: i }, 'orders')
  logger.tellRest(true)
  assert.deepEqual(take(), [{ message: 'rejected', of: 'orders', repeated: 3 }])
})

test('one source hides nothing of another', () => {
  const { logger, take } = open()
  for (const source of ['orders', 'users', 'orders'])
    logger.limited('warn', 'rejected', { of: source }, source)
  assert.deepEqual(take(), [
    { message: 'rejected', of: 'orders' },
    { message: 'rejected', of: 'users' }
  ])
})

test('fields that are made when they are needed are there beside those of a task', () => {
  const { logger, take } = open()
  const own = withFields(logger, { task: 3 })
  own.limited('warn', 'rejected', () => ({ record: 'orders[0]@7' }))
  own.log('info', 'started')
  assert.deepEqual(take(), [
    { message: 'rejected', record: 'orders[0]@7', task: 3 },
    { message: 'started', task: 3 }
  ])
})

test('a line of which there are many comes once in ten seconds, whatever the clock is set to', () => {
  const clock = { set: Date.UTC(2026, 0, 1), elapsed: 0 }
  const lines: string[] = []
  const log = makeLogger({
    format: 'text',
    level: 'info',
    clock: { now: () => clock.set, elapsed: () => clock.elapsed },
    write: line => lines.push(line.trimEnd())
  })
  const many = (): void => {
    for (let i = 0; i < 3; i++) log.limited('warn', 'bad record', { offset: i })
  }
  many()
  clock.set -= 3_600_000
  clock.elapsed += 9999
  many()
  clock.set += 7_200_000
  many()
  clock.elapsed += 1
  clock.set -= 86_400_000
  many()
  assert.deepEqual(lines, [
    '2026-01-01T00:00:00.000Z WARN  bad record offset=0',
    '2025-12-31T01:00:00.000Z WARN  bad record offset=0 repeated=8'
  ])
})
