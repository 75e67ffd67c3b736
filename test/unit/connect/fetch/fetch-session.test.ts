import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FetchSession } from '../../../../runtime/connect/fetch/fetch-session.ts'
import { PartitionCursor } from '../../../../runtime/connect/fetch/partition-cursor.ts'

const numbers = (partitions: readonly { readonly partition: number }[]): number[] =>
  partitions.map(({ partition }) => partition)

test('only what has changed is asked for, and what is not wanted any more is named', () => {
  const session = new FetchSession()
  const [a, b] = [new PartitionCursor(0, 5), new PartitionCursor(1, 6)]
  const first = session.next([a, b])
  assert.deepEqual([first.session, first.sessionEpoch, numbers(first.partitions)], [0, 0, [0, 1]])
  session.answered(77)
  a.fetched = 9
  const second = session.next([a, b])
  assert.deepEqual([second.session, second.sessionEpoch, numbers(second.partitions)], [77, 1, [0]])
  assert.equal(second.partitions[0]!.offset, 9)
  session.answered(77)
  const third = session.next([b])
  assert.deepEqual([third.sessionEpoch, numbers(third.partitions), third.forgotten], [2, [], [0]])
  session.answered(77)
  b.leaderEpoch = 4
  assert.deepEqual(numbers(session.next([b]).partitions), [1])
  session.reset()
  assert.deepEqual(numbers(session.next([a, b]).partitions), [0, 1])
})

test('a broker that keeps no session is told all each time', () => {
  const session = new FetchSession()
  const cursors = [new PartitionCursor(0, 5)]
  for (let i = 0; i < 3; i++) {
    const { session: id, sessionEpoch, partitions } = session.next(cursors)
    assert.deepEqual([id, sessionEpoch, partitions.length], [0, 0, 1])
    session.answered(0)
  }
})

test('a partition that begins anew is asked for in a session of its own, so that it is told how it stands', () => {
  const session = new FetchSession()
  const other = new PartitionCursor(1, 6)
  session.next([new PartitionCursor(0, 5), other])
  session.answered(77)
  const { session: id, sessionEpoch, partitions } = session.next([new PartitionCursor(0, 5), other])
  assert.deepEqual([id, sessionEpoch, numbers(partitions)], [0, 0, [0, 1]])
})
