import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeSnapshots } from '../../../runtime/observe/merge-snapshots.ts'
import type { Snapshot } from '../../../runtime/observe/snapshot.ts'

const none = { bounds: [1], counts: [0, 0], sum: 0 }
const work = { durations: none, failures: 0 }

function snapshot(records: number, partition: number, fields: Partial<Snapshot> = {}): Snapshot {
  return {
    ...{ pipeline: 'p', version: 'v', started: 1, now: 2, isReady: true },
    sources: [
      {
        ...{ name: 's', topic: 't', group: 'g', status: 'running', trouble: null, line: 1 },
        ...{
          records,
          bytes: 10 * records,
          rejected: 1,
          missing: 0,
          late: 0,
          lastTimestamp: records,
          lag: 2
        },
        watermark: 100 + partition,
        partitions: [{ partition, offset: records, lag: 2, watermark: 100 + partition }],
        batches: { bounds: [1], counts: [partition, 1], sum: records },
        busySeconds: 0.5
      }
    ],
    sinks: [],
    operators: [
      { id: 1, rows: records },
      { id: 2, rows: partition === 0 ? null : 7 }
    ],
    ...{ states: [], models: [], errors: [], deadLetters: [], commits: work, checkpoints: work },
    ...{ returns: 1, tellingSeconds: 0.25, memory: [], processes: [] },
    ...fields
  }
}

test('what several parts did is added up, by name', () => {
  const { sources, operators, returns, tellingSeconds } = mergeSnapshots([
    snapshot(30, 1),
    snapshot(20, 0)
  ])
  const [source] = sources
  assert.equal(sources.length, 1)
  assert.deepEqual(
    [source!.records, source!.bytes, source!.rejected, source!.lag, source!.lastTimestamp],
    [50, 500, 2, 4, 30]
  )
  assert.equal(source!.watermark, 100, 'the one that is behind')
  assert.deepEqual(
    source!.partitions.map(({ partition }) => partition),
    [0, 1]
  )
  assert.deepEqual(source!.batches, { bounds: [1], counts: [1, 2], sum: 50 })
  // A part without the operator counts none of its rows.
  assert.deepEqual(operators, [
    { id: 1, rows: 50 },
    { id: 2, rows: 7 }
  ])
  assert.deepEqual([returns, tellingSeconds], [2, 0.5])
})

test('parts of a process say the same of its memory, several processes each their own', () => {
  const memory = (process: number) => [{ process, limit: 100, used: 50, pausedSeconds: 1 }]
  const merged = mergeSnapshots([1, 1, 2].map(one => snapshot(1, 0, { memory: memory(one) })))
  assert.deepEqual(merged.memory, [...memory(1), ...memory(2)])
})

test('one that is not ready, or has lost its brokers, shows', () => {
  const away = snapshot(1, 1)
  const lost = {
    ...away,
    sources: [{ ...away.sources[0]!, status: 'disconnected' as const, trouble: 'gone' }]
  }
  const merged = mergeSnapshots([snapshot(1, 0), { ...lost, isReady: false }])
  assert.equal(merged.isReady, false)
  assert.equal(merged.sources[0]!.status, 'disconnected')
  assert.equal(merged.sources[0]!.trouble, 'gone')
})

test('copies of a table are not added up, neither among each other nor to the table', () => {
  const state = (kind: 'table' | 'copy', rows: number) =>
    snapshot(0, 0, { states: [{ name: 't', kind, rows, bytes: 8, line: 1 }] })
  for (const all of [
    [state('copy', 3), state('table', 2), state('copy', 4)],
    [state('table', 2), state('copy', 3)]
  ])
    assert.deepEqual(mergeSnapshots(all).states, [
      { name: 't', kind: 'table', rows: 2, bytes: 8, line: 1 }
    ])
  assert.equal(mergeSnapshots([state('copy', 3), state('copy', 4)]).states[0]!.rows, 4)
})
