import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorPolicy } from '../../../runtime/contract/index.ts'
import { backOff } from '../../../runtime/pipeline/back-off.ts'

const policy: ErrorPolicy = {
  action: 'retry',
  maxRetries: 10,
  retryBackoff: 100,
  deadLetterTopic: null
}

async function waits(attempt: number, random: number): Promise<number> {
  let slept = -1
  const clock = { now: () => 0, elapsed: () => 0, sleep: async (ms: number) => void (slept = ms) }
  await backOff(policy, attempt, clock, () => random)
  return slept
}

test('it doubles, up to a minute', async () => {
  assert.deepEqual(
    await Promise.all([1, 2, 3, 4, 11, 1000].map(attempt => waits(attempt, 0.5))),
    [100, 200, 400, 800, 60_000, 60_000]
  )
})

test('a fifth more or less, as chance has it', async () => {
  assert.deepEqual([await waits(1, 0), await waits(1, 1)], [80, 120])
})
