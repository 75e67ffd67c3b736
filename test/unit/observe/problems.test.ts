import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PipelineDefinition, RecordError } from '../../../runtime/contract/index.ts'
import { makeMetrics, type Metrics } from '../../../runtime/observe/metrics.ts'
import { type ProcessSnapshot, takeSnapshot } from '../../../runtime/observe/snapshot.ts'
import { findProblems } from '../../../runtime/watch/page/find-problems.ts'
import type { Description } from '../../../runtime/watch/page/watched.ts'

const definition = {
  name: 'p',
  version: 'v',
  sources: [{ name: 'orders', topic: 'orders', groupId: 'g', line: 3 }],
  sinks: [{ name: 'prices', topic: 'prices', line: 5 }],
  models: [],
  sites: [{ statement: 'INSERT INTO prices', line: 7, column: 12, text: 'a / b' }],
  plan: { json: '{"nodes":[]}' }
} as unknown as PipelineDefinition

const START = Date.UTC(2026, 0, 1)
const error: RecordError = {
  code: 'division-by-zero',
  message: 'division by zero',
  column: null,
  site: 0
}

interface Situation {
  readonly lag?: number
  readonly process?: ProcessSnapshot
  readonly watermark?: number
  readonly marks?: readonly (readonly [number, number])[]
}

function lookAt(
  change: (metrics: Metrics) => void,
  before: Situation = {},
  after: Situation = before,
  nodes: Description['nodes'] = []
): readonly string[] {
  const metrics = makeMetrics(definition)
  const source = metrics.sources[0]!
  source.assigned = [0, 1]
  let situation = before
  source.connection = {
    lag: () => (situation.lag ?? 0) / 2,
    position: () => 0
  } as unknown as NonNullable<typeof source.connection>
  const take = (seconds: number) =>
    takeSnapshot(definition, metrics, {
      now: START + seconds * 1000,
      started: START - 1000,
      isReady: source.trouble === null && source.assigned !== null,
      states: [],
      memory: null,
      process: situation.process ?? null,
      watermarksOf: () =>
        situation.watermark === undefined
          ? null
          : { watermark: situation.watermark, partitions: new Map(situation.marks) }
    })
  const was = take(0)
  change(metrics)
  situation = after
  const what = { nodes } as unknown as Description
  return findProblems({ what, now: take(10), before: was, samples: null }).map(
    problem => `${problem.level} ${problem.what}: ${problem.text} (${problem.line})`
  )
}

test('nothing is wrong where records flow', () => {
  const flowing = lookAt(metrics => (metrics.sources[0]!.messages += 1000), { lag: 50 })
  assert.deepEqual(flowing, [])
})

test('who falls behind and works all the time is told what takes it', () => {
  const slow = (busy: number): readonly string[] => {
    const processAt = (seconds: number): ProcessSnapshot => ({
      ...{ process: 7, delay: { median: 0, p99: 0 }, busySeconds: busy * seconds },
      work: {
        ...{ seconds, looks: 100 * seconds, busySeconds: busy * seconds, collectingSeconds: 0 },
        operators: [
          { id: 1, looks: 10 * seconds },
          { id: 2, looks: 80 * seconds }
        ],
        parts: []
      }
    })
    const nodes = [
      { id: 1, inputs: [], work: 1, kind: 'Source', title: 'orders', line: 3 },
      { id: 2, inputs: [1], work: 2, kind: 'Filter', title: 'slow(a)', line: 7 }
    ]
    return lookAt(
      metrics => (metrics.sources[0]!.messages += 1000),
      { lag: 500, process: processAt(0) },
      { lag: 900, process: processAt(10) },
      nodes as unknown as Description['nodes']
    )
  }
  assert.match(
    slow(0.99)[0]!,
    /records\/s; the busiest process works all the time, for 80\.0 % of it at Filter slow\(a\), line 7 \(3\)$/
  )
  assert.match(slow(0.5)[0]!, /records\/s \(3\)$/)
})

test('records that wait and are not read; records that wait ever longer', () => {
  assert.deepEqual(
    lookAt(() => {}, { lag: 500 }),
    ['bad Stuck: source orders has 500 records to read and reads none (3)']
  )
  const slow = lookAt(metrics => (metrics.sources[0]!.messages += 1000), { lag: 500 }, { lag: 900 })
  assert.match(slow[0]!, /^warn Falls behind: source orders has 900 records to read, 9.0 s of work/)
})

test('brokers that do not answer come first', () => {
  const gone = lookAt(({ sources, sinks, returns: _ }) => {
    sinks[0]!.trouble = 'connect ECONNREFUSED'
    sources[0]!.assigned = null
  })
  assert.deepEqual(gone, [
    'bad Disconnected: sink prices, topic prices: connect ECONNREFUSED (5)',
    'warn No partitions yet: source orders (3)'
  ])
})

test('errors with the line of the SQL: few are a warning, many are bad, old ones are over', () => {
  const failing = (count: number, time: number) =>
    lookAt(({ sources: [source] }) => {
      source!.messages += 1000
      for (let i = 0; i < count; i++) source!.errors.add(error.code, 0, error.message, START + time)
    })
  assert.deepEqual(failing(10, 9000), [
    'warn division-by-zero: INSERT INTO prices, a / b: division by zero. 1.0/s, 10 in all (7)'
  ])
  assert.match(failing(100, 9000)[0]!, /^bad /)
  assert.deepEqual(failing(10, -60_000), [])
})

test('event time that a partition holds back', () => {
  const marks = [
    [0, START],
    [1, START - 400_000]
  ] as const
  const uneven = lookAt(() => {}, { watermark: START - 400_000, marks })
  assert.deepEqual(uneven, [
    'warn Event time is uneven: source orders: partition 1 holds the others back by 6 min 40 s (3)'
  ])
})

test('commits that fail, and a pipeline that went back', () => {
  const failing = lookAt(metrics => {
    metrics.commits.failures++
    metrics.returns++
  })
  assert.deepEqual(
    failing.map(text => text.split(':')[0]),
    ['bad Commits fail', 'warn Went back']
  )
})
