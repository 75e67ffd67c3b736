import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { PipelineDefinition } from '../../../runtime/contract/index.ts'
import { makeMetrics, type Metrics } from '../../../runtime/observe/metrics.ts'
import { noTracer } from '../../../runtime/observe/work-tracer.ts'
import { Commits } from '../../../runtime/pipeline/commits.ts'
import type { Dataflow } from '../../../runtime/pipeline/dataflow.ts'
import type { Outputs } from '../../../runtime/pipeline/outputs.ts'
import { PipelineEnd } from '../../../runtime/pipeline/pipeline-end.ts'
import type { PipelineOptions } from '../../../runtime/pipeline/pipeline-options.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

interface Asked {
  readonly next: readonly number[]
  readonly taken: PromiseWithResolvers<void>
}

/** What the group was asked to take, each until a test answers. */
let asked: Asked[]
let metrics: Metrics
let commits: Commits

beforeEach(async () => {
  asked = []
  const definition = {
    ...{ sources: [{ name: 'events', topic: 'events' }], sinks: [], models: [] },
    ...{ delivery: 'at_least_once', commitInterval: 1000 }
  } as unknown as PipelineDefinition
  metrics = makeMetrics(definition)
  metrics.sources[0]!.connection = {
    commit: (_: unknown, next: readonly number[]) => {
      asked.push({ next, taken: Promise.withResolvers() })
      return asked.at(-1)!.taken.promise
    }
  } as never
  const outputs = {
    ...{ produce: async () => false, flush: async () => {} },
    ...{ acknowledged: () => {}, discard: () => {} }
  }
  const dataflow = {
    tables: { isEmpty: true, sizes: () => ({}) },
    tellChanges: () => [],
    goBack: async () => {}
  }
  commits = new Commits(
    definition,
    {
      clock: makeVirtualClock(),
      log: { log: () => {}, limited: () => {} }
    } as unknown as PipelineOptions,
    metrics,
    outputs as unknown as Outputs,
    dataflow as unknown as Dataflow,
    noTracer,
    new PipelineEnd()
  )
  await commits.open()
  commits.start()
})

/** A batch of one partition is done up to `next`. */
function done(next: number): void {
  metrics.sources[0]!.next.set(0, next)
  metrics.sources[0]!.messages = next
  commits.touch()
}

test('between two batches nobody waits until the group has taken offsets', async () => {
  done(10)
  assert.equal(await commits.barrierInPassing(), 'passing')
  done(20)
  const barrier = commits.barrier()
  await new Promise(setImmediate)
  assert.deepEqual(
    asked.map(({ next }) => next),
    [[10]],
    'one commit at a time'
  )
  asked[0]!.taken.resolve()
  await new Promise(setImmediate)
  assert.deepEqual(asked[1]!.next, [20])
  asked[1]!.taken.resolve()
  assert.equal(await barrier, 'committed')
  assert.equal(metrics.commits.failures, 0)
})

test('what was committed in passing is not committed again', async () => {
  done(10)
  await commits.barrierInPassing()
  asked[0]!.taken.resolve()
  assert.equal(await commits.barrier(), 'committed')
  assert.equal(await commits.barrierInPassing(), 'committed')
  assert.equal(asked.length, 1)
})

test('what the group has not taken is committed again', async () => {
  done(10)
  await commits.barrierInPassing()
  asked[0]!.taken.reject(new Error('a broker is away'))
  const barrier = commits.barrier()
  await new Promise(setImmediate)
  assert.deepEqual(asked[1]!.next, [10])
  asked[1]!.taken.resolve()
  assert.equal(await barrier, 'committed')
  assert.equal(metrics.commits.failures, 1)
})

test('counts go back to those of what was committed', async () => {
  done(10)
  await commits.barrierInPassing()
  done(20)
  asked[0]!.taken.resolve()
  await commits.goBack()
  assert.equal(metrics.sources[0]!.messages, 10)
})
