import type { BatchBuffer } from '../../../runtime/connect/batch-buffer.ts'
import type {
  Connector,
  DeadLetterConnection,
  OutputBatch,
  SinkConnection,
  SourceConnection,
  SourceListener,
  TransactionConnection
} from '../../../runtime/contract/index.ts'
import { sideInput } from '../../data/nexmark/index.ts'
import { cpuSeconds } from '../../harness/sample.ts'
import { EventReader } from './event-file.ts'

/** What is no work of the pipeline: reading the events' file, and keeping outputs. */
export interface ReplayCost {
  cpuSeconds: number
  seconds: number
}

type Records = readonly { readonly key: Uint8Array | null; readonly value: Uint8Array }[]

/**
 * Topics in memory that hold no record longer than a poll: the events come from a file, and each batch of outputs is shown
 * to `take`. Dead letters
 * are an error.
 */
export function makeReplayConnector(
  path: string,
  makeBatch: (listener: SourceListener) => BatchBuffer,
  take: (outputs: OutputBatch) => void,
  cost: ReplayCost
): Connector {
  return {
    async openSource({ topic }, listener) {
      const records = topic === 'nexmark' ? takeEvents(path, cost) : takeSideInput()
      return openReplay(makeBatch(listener), listener, records)
    },
    openSink: async () => openOutputs(take, cost),
    openDeadLetters: async () => refuseDeadLetters(),
    prepareTopics: async () => {},
    openTransactions: async ({ tables }) => forgetState(tables.map(({ name }) => name)),
    resetState: async () => {},
    close: async () => {}
  }
}

function takeEvents(path: string, cost: ReplayCost): (max: number) => Records {
  const reader = new EventReader(path)
  return max => leaveOut(cost, () => reader.read(max).map(value => ({ key: null, value })))
}

/** Its time is not the pipeline's. */
function leaveOut<T>(cost: ReplayCost, work: () => T): T {
  const [cpu, time] = [cpuSeconds(), performance.now()]
  const result = work()
  cost.cpuSeconds += cpuSeconds() - cpu
  cost.seconds += (performance.now() - time) / 1000
  return result
}

function takeSideInput(): (max: number) => Records {
  const rows = sideInput().map(row => ({
    key: Buffer.from(String(row.key)),
    value: Buffer.from(JSON.stringify(row))
  }))
  return max => rows.splice(0, max)
}

function openReplay(
  batch: BatchBuffer,
  listener: SourceListener,
  take: (max: number) => Records
): SourceConnection {
  let offset = 0
  let ended = false
  listener.assigned([0])
  return {
    async poll(maxRecords) {
      const records = take(maxRecords)
      ended = records.length < maxRecords
      if (records.length === 0) return null
      const received = records.map(record => ({
        ...record,
        partition: 0,
        offset: offset++,
        timestamp: 0
      }))
      batch.fill(received, () => [])
      return batch
    },
    commit: async () => {},
    rewind: async () => [0],
    lag: () => (ended ? 0 : null),
    position: () => 0,
    partitions: async () => 1,
    close: async () => batch.release()
  }
}

function openOutputs(take: (outputs: OutputBatch) => void, cost: ReplayCost): SinkConnection {
  return {
    send: async outputs => leaveOut(cost, () => take(outputs)),
    flush: async () => {},
    compressionRatio: () => 1,
    close: async () => {}
  }
}

function refuseDeadLetters(): DeadLetterConnection {
  return {
    prepare: async () => {},
    async send(topic, { count }) {
      throw new Error(`${count} dead letters for ${topic}`)
    },
    flush: async () => {},
    close: async () => {}
  }
}

function forgetState(tables: readonly string[]): TransactionConnection {
  return {
    restore: async () => {},
    ends: async () => new Map(tables.map(table => [table, 0])),
    commit: async () => {},
    abort: async () => {},
    isFull: () => false,
    close: async () => {}
  }
}
