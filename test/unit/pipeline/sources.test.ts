import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { SourceConnection, SourceListener } from '../../../runtime/contract/index.ts'
import { makeMetrics, sourceStatus } from '../../../runtime/observe/metrics.ts'
import { makeLock } from '../../../runtime/pipeline/lock.ts'
import { PipelineEnd } from '../../../runtime/pipeline/pipeline-end.ts'
import { Sources, type SourcesHost } from '../../../runtime/pipeline/sources.ts'
import type { PipelineOptions } from '../../../runtime/pipeline/pipeline-options.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

const definition = { name: 'events', topic: 'events' }
const metrics = makeMetrics({ sources: [definition], sinks: [], models: [] } as never)
const source = metrics.sources[0]!

/** What each connection that was opened is heard by, the last one last. */
let listeners: SourceListener[]
/** What a connection tells while it is opened. */
let opening: (listener: SourceListener) => void
let sources: Sources

beforeEach(() => {
  listeners = []
  opening = () => {}
  const openSource = async (_: unknown, listener: SourceListener): Promise<SourceConnection> => {
    opening(listener)
    listeners.push(listener)
    return { close: async () => {} } as SourceConnection
  }
  const options = {
    connector: { openSource },
    clock: makeVirtualClock(),
    log: { log: () => {}, limited: () => {} }
  }
  const host = {
    metrics,
    lock: makeLock(),
    commits: { keepsUncommitted: false },
    end: new PipelineEnd()
  }
  sources = new Sources(
    options as unknown as PipelineOptions,
    host as Partial<SourcesHost> as SourcesHost
  )
  source.assigned = [0]
})

test('a source whose group has put it out is opened anew, and what its connection said last counts no more', async () => {
  await sources.open(source)
  listeners[0]!.connected(false, 'the broker is restarted')
  assert.equal(sourceStatus(source), 'disconnected')
  listeners[0]!.expelled()
  assert.equal(await sources.prepare(source), true)
  assert.equal(listeners.length, 2)
  source.assigned = [0]
  assert.equal(sourceStatus(source), 'running')
  await sources.prepare(source)
  assert.equal(listeners.length, 2)
})

test('what a connection says while it is opened counts', async () => {
  opening = listener => listener.connected(false, 'gone again')
  await sources.open(source)
  assert.equal(sourceStatus(source), 'disconnected')
})
