import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeLogger } from '../../../runtime/observe/log.ts'

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
