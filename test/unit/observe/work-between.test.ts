import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PARTS } from '../../../runtime/observe/doing.ts'
import type { ProcessSnapshot, Snapshot } from '../../../runtime/observe/snapshot.ts'
import { modelShare, type Watched } from '../../../runtime/watch/page/watched.ts'
import { renderAnalysis } from '../../../runtime/watch/render-analysis.ts'
import { busyShare } from '../../../runtime/watch/rates.ts'
import { operatorWork, workBetween } from '../../../runtime/watch/work-between.ts'

/** A process that was looked at for so many seconds: half of them it sent, a quarter it was at the operator 2. */
function processAt(process: number, seconds: number, operator = seconds / 4): ProcessSnapshot {
  return {
    ...{ process, delay: { median: 0, p99: 0 }, busySeconds: 1000 },
    work: {
      ...{ seconds, looks: 500 * seconds },
      ...{ busySeconds: seconds * 0.9, collectingSeconds: seconds / 10 },
      operators: [
        { id: 1, looks: 0 },
        { id: 2, looks: 500 * operator },
        { id: 3, looks: 0 }
      ],
      parts: PARTS.map(part => ({ part, looks: part === 'sending' ? 250 * seconds : 0 }))
    }
  }
}

function snapshot(seconds: number, rows: number, processes: readonly ProcessSnapshot[]): Snapshot {
  return {
    ...{ now: seconds * 1000, started: 0, processes },
    operators: [
      { id: 1, rows },
      { id: 2, rows: rows / 2 },
      { id: 3, rows: null }
    ],
    ...{ sources: [], sinks: [], models: [], commits: { durations: { counts: [], sum: 0 } } }
  } as unknown as Snapshot
}

const close = (found: number | null | undefined, wanted: number): void =>
  assert.ok(Math.abs(found! - wanted) < 1e-9, `${found} is not ${wanted}`)

const nodes = [
  { id: 1, inputs: [], work: 1 },
  { id: 2, inputs: [1], work: 2 },
  { id: 3, inputs: [2], work: 2 }
]

test('time is the part of the looks that found an operator, by the rows that came into it', () => {
  // Somebody looked for 2 of 10 seconds only.
  const before = snapshot(0, 0, [processAt(7, 1)])
  const now = snapshot(10, 50_000, [processAt(7, 3)])
  const work = workBetween(now, before)!
  close(work.operators.get(2), 0.25)
  close(work.parts.find(({ part }) => part === 'sending')?.share, 0.5)
  close(work.rest, 0.15)
  close(work.idle, 0.1)
  close(work.collecting, 0.1)
  const filter = operatorWork(nodes[1]!, work, now, before)!
  close(filter.share, 0.25)
  close(filter.each, 2.5 / 50_000)
  const source = operatorWork(nodes[0]!, work, now, before)!
  assert.deepEqual(source, { share: 0, each: 0 })
})

test('operators of one place are told as one, and without rows there is no time for each', () => {
  const before = snapshot(0, 5, [processAt(7, 1)])
  const now = snapshot(10, 5, [processAt(7, 3)])
  const work = workBetween(now, before)
  assert.equal(operatorWork(nodes[2]!, work, now, before), null)
  assert.equal(operatorWork(nodes[1]!, work, now, before)!.each, null)
  const text = renderAnalysis({ text: '#3 Filter b\n└─ #2 Filter a\n', nodes }, now, before)
  assert.match(text, /^ +\? +\? +in #2 +#3 Filter b$/m)
  assert.match(text, /^ +0 +2.5 +25\.0 % +└─ #2 Filter a$/m)
})

test('several processes are added up; one that is new or was not looked at says nothing', () => {
  const before = snapshot(0, 0, [processAt(7, 1), processAt(8, 0), processAt(9, 4)])
  const now = snapshot(10, 1000, [
    processAt(7, 3),
    processAt(8, 2),
    processAt(9, 4),
    processAt(6, 9)
  ])
  const work = workBetween(now, before)!
  assert.equal(work.processes, 2)
  close(work.operators.get(2), 0.5)
  close(work.idle, 0.2)
  assert.match(
    renderAnalysis({ text: '', nodes: [] }, now, before),
    /of one core, 2 processes together:\noperators, as above +50\.0 %/
  )
})

test('nobody has looked', () => {
  const at = snapshot(10, 50_000, [processAt(7, 3)])
  assert.equal(workBetween(at, at), null)
  assert.match(renderAnalysis({ text: '', nodes: [] }, at, at), /could not be measured/)
})

test('what was found is more than what the loop says that it worked', () => {
  const before = snapshot(0, 0, [processAt(7, 1, 0)])
  const now = snapshot(10, 1000, [processAt(7, 2, 0.48)])
  const work = workBetween(now, before)!
  close(work.rest, 0)
  close(work.idle, 0.02)
})

test('the time of models is that of their threads', () => {
  const models = (sum: number) => [
    { name: 'a', durations: { sum } },
    { name: 'b', durations: { sum } },
    { name: 'c', durations: { sum: 9 } }
  ]
  const at = (seconds: number, sum: number) =>
    ({ ...snapshot(seconds, 0, []), models: models(sum) }) as unknown as Snapshot
  const watched = { now: at(10, 3), before: at(0, 1) } as Watched
  close(modelShare(watched, { kind: 'Predict', title: 'a, b' }), 0.4)
  assert.equal(modelShare(watched, { kind: 'Filter', title: 'a' }), null)
})

test('the busiest process says how busy a pipeline is', () => {
  const at = (busySeconds: number, process: number) => ({ ...processAt(process, 0), busySeconds })
  const before = snapshot(0, 0, [at(1, 7), at(1, 8)])
  const now = snapshot(10, 0, [at(3, 7), at(9, 8), at(99, 9)])
  close(busyShare(now, before), 0.8)
  assert.equal(busyShare(snapshot(10, 0, []), before), null)
})
