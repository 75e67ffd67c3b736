import { sentHeaders } from '../sent-headers.ts'
import type {
  Clock,
  Connector,
  DeadLetterConnection,
  PartitionTime,
  SinkConnection,
  SinkDefinition,
  SourceConnection,
  SourceDefinition,
  SourceListener
} from '../../contract/index.ts'
import { latestOf } from '../latest-of.ts'
import { BatchBuffer } from '../batch-buffer.ts'
import { stateTopics } from '../state-topic.ts'
import { readHeaders } from '../wire/read-headers.ts'
import { VarintCursor } from '../wire/walk-slowly.ts'
import { type Append, openMemoryTransactions } from './memory-transactions.ts'
import type { MemoryRecord, MemoryTopics } from './memory-topics.ts'

/** Sources and sinks on in-memory topics: what a poll finds is there at once, what is sent is acknowledged at once. */
export function makeMemoryConnector(topics: MemoryTopics, clock: Clock): Connector {
  let append: Append = topics.append
  return {
    openSource: async (source, listener) => openMemorySource(topics, source, listener, clock),
    openSink: async sink => openMemorySink(append, sink, clock),
    openDeadLetters: async () => openMemoryDeadLetters(append, clock),
    async openTransactions(definition) {
      const transactions = openMemoryTransactions(topics, definition)
      append = transactions.append
      return transactions
    },
    prepareTopics: async () => {},
    async resetState(definition) {
      for (const { groupId, topic, exchange } of definition.sources) {
        topics.forget(groupId)
        if (exchange !== undefined) topics.clear(topic)
      }
      for (const topic of stateTopics(definition).toReversed()) topics.clear(topic)
    },
    close: async () => {}
  }
}

function openMemorySource(
  topics: MemoryTopics,
  { topic, groupId, partition: only, isCopied }: SourceDefinition,
  listener: SourceListener,
  clock: Clock
): SourceConnection {
  const batch = new BatchBuffer(listener.rejected)
  const position = new Map<number, number>()
  /** How many records of the log, from its start, need not be looked at again. */
  let passed = 0
  const committed = (partition: number): number =>
    isCopied === true ? 0 : topics.committed(groupId, topic, partition)
  const isNext = ({ partition, offset }: MemoryRecord): boolean =>
    partition === (only ?? partition) && offset >= (position.get(partition) ?? committed(partition))
  const isFirst = ({ partition }: MemoryRecord): boolean => partition === 0
  const known = new Set(topics.read(topic).map(({ partition }) => partition)).add(0)
  const assigned = only === undefined ? known : new Set([only])
  const time = (partition: number): PartitionTime | null => topics.time(groupId, topic, partition)
  listener.assigned(
    [...assigned].sort((a, b) => a - b),
    time
  )
  return {
    async poll(maxRecords, maxWait) {
      const log = topics.read(topic)
      while (passed < log.length && !isNext(log[passed]!)) passed++
      const records: MemoryRecord[] = []
      for (let i = passed; i < log.length && records.length < maxRecords; i++) {
        if (isNext(log[i]!)) records.push(log[i]!)
      }
      if (records.length === 0) {
        await clock.sleep(maxWait)
        return null
      }
      for (const { partition, offset } of records) position.set(partition, offset + 1)
      batch.fill(records, record => records[record]!.headers)
      return batch
    },
    async commit(partitions, next, times = []) {
      partitions.forEach((partition, i) =>
        topics.commit(groupId, topic, partition, next[i]!, times[i] ?? null)
      )
    },
    time,
    latest: async () => latestOf([...known].map(time)),
    async rewind(to) {
      passed = 0
      if (to === 'committed') {
        position.clear()
        return [...assigned]
      }
      const next = to === 'earliest' ? 0 : topics.read(topic).filter(isFirst).length
      position.set(0, next)
      topics.commit(groupId, topic, 0, next)
      return [0]
    },
    position: committed,
    lag: (partition, next) => {
      const from = next ?? committed(partition)
      return topics
        .read(topic)
        .filter(record => record.partition === partition && record.offset >= from).length
    },
    partitions: async () => Math.max(...known) + 1,
    close: async () => batch.release()
  }
}

function openMemorySink(
  append: Append,
  { topic, exchange }: SinkDefinition,
  clock: Clock
): SinkConnection {
  const tasks = exchange?.tasks ?? 1
  return {
    async broadcast(value) {
      for (let partition = 0; partition < tasks; partition++)
        append(topic, { key: null, value, partition, timestamp: clock.now() })
    },
    async send(batch) {
      // One copy for all records: the batch is written over when this is done.
      const bytes = batch.bytes.slice(0, batch.end)
      for (let i = 0; i < batch.count; i++) {
        const key = partOf(bytes, batch.keyStart[i]!, batch.keyEnd[i]!)
        append(topic, {
          key,
          partition: partitionOf(key, tasks),
          value: partOf(bytes, batch.valueStart[i]!, batch.valueEnd[i]!),
          timestamp: clock.now(),
          headers: sentHeaders(batch, i)
        })
      }
    },
    flush: async () => {},
    compressionRatio: () => 1,
    close: async () => {}
  }
}

/** The same for the same key. */
function partitionOf(key: Uint8Array | null, partitions: number): number {
  let hash = 0
  for (const byte of key ?? []) hash = (31 * hash + byte) >>> 0
  return hash % partitions
}

function partOf(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  return start < 0 ? null : bytes.subarray(start, end)
}

function openMemoryDeadLetters(append: Append, clock: Clock): DeadLetterConnection {
  return {
    prepare: async () => {},
    async send(topic, letters) {
      const { count, keyStart, keyEnd, valueStart, valueEnd, headers } = letters
      // One copy for all: the bytes are used again.
      const bytes = letters.bytes.slice()
      for (let i = 0; i < count; i++) {
        append(topic, {
          key: partOf(bytes, keyStart[i]!, keyEnd[i]!),
          value: partOf(bytes, valueStart[i]!, valueEnd[i]!),
          headers: readHeaders(bytes, new VarintCursor(bytes, headers[i]!)),
          timestamp: clock.now()
        })
      }
    },
    flush: async () => {},
    close: async () => {}
  }
}
