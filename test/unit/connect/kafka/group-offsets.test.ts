import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitOffsets } from '../../../../runtime/connect/kafka/group-offsets.ts'

type Consumer = Parameters<typeof commitOffsets>[0]

/** Takes every commit, as the client does, whatever becomes of it. */
function consumerOf(kept: readonly { partition: number; offset?: number }[] | Error): Consumer {
  return {
    commitCb: (_: unknown, done: (error: Error | null) => void) => done(null),
    committed: (_: unknown, __: number, done: (error: Error | null, list?: unknown) => void) =>
      kept instanceof Error ? done(kept) : done(null, kept)
  } as unknown as Consumer
}

const offsets = [
  { topic: 't', partition: 0, offset: 7 },
  { topic: 't', partition: 3, offset: 9 }
]

test('offsets are committed when the group has them', async () => {
  const kept = [
    { partition: 0, offset: 7 },
    { partition: 3, offset: 9 }
  ]
  await commitOffsets(consumerOf(kept), offsets)
})

test('a commit that the client took and the group did not has failed', async () => {
  const missing = [{ partition: 0, offset: 7 }, { partition: 3 }]
  await assert.rejects(commitOffsets(consumerOf(missing), offsets), /offset 9 of t\/3/)
  const older = [
    { partition: 0, offset: 7 },
    { partition: 3, offset: 8 }
  ]
  await assert.rejects(commitOffsets(consumerOf(older), offsets), /offset 9 of t\/3/)
  await assert.rejects(commitOffsets(consumerOf(new Error('away')), offsets), /away/)
})
