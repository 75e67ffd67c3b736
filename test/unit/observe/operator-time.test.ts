import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Snapshot } from '../../../runtime/observe/snapshot.ts'
import { operatorTime, type Watched } from '../../../runtime/watch/page/watched.ts'

function snapshot(seconds: number, busySeconds: number, records: number): Snapshot {
  return {
    now: seconds * 1000,
    started: 0,
    sources: [{ name: 'orders', busySeconds, records }],
    sinks: [{ name: 'orders', busySeconds: 2 * busySeconds, records }],
    models: [
      { name: 'a', rows: records, durations: { sum: busySeconds } },
      { name: 'b', rows: records, durations: { sum: busySeconds } }
    ]
  } as unknown as Snapshot
}

const watched = { now: snapshot(10, 6, 4000), before: snapshot(0, 1, 1500) } as Watched

test('time is what was used between two snapshots, by the rows that came meanwhile', () => {
  assert.deepEqual(operatorTime(watched, { kind: 'Source', title: 'orders' }), {
    share: 0.5,
    each: 0.002
  })
  assert.equal(operatorTime(watched, { kind: 'Sink', title: 'orders' })!.share, 1)
  assert.equal(operatorTime(watched, { kind: 'Predict', title: 'a, b' })!.share, 1)
  assert.equal(operatorTime(watched, { kind: 'Filter', title: 'orders' }), null)
})

test('without rows, or of another process, nothing is told', () => {
  const still = { now: snapshot(10, 1, 1500), before: snapshot(0, 1, 1500) } as Watched
  assert.deepEqual(operatorTime(still, { kind: 'Source', title: 'orders' }), {
    share: 0,
    each: null
  })
  const other = { ...watched, now: { ...watched.now, started: 5 } }
  assert.equal(operatorTime(other, { kind: 'Source', title: 'orders' }), null)
})
