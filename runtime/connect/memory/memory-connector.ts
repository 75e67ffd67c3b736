import { changeHeaders } from '../change-headers.ts'
import type {
  Clock,
  Connector,
  DeadLetterConnection,
  OutputBatch,
  SinkConnection,
  SourceConnection,
  SourceDefinition,
  SourceListener
} from '../../contract/index.ts'
import { BatchBuffer } from '../batch-buffer.ts'
import { openMemoryState } from './memory-state.ts'
import type { MemoryRecord, MemoryTopics } from './memory-topics.ts'

/** Sources and sinks on in-memory topics: what a poll finds is there at once, what is sent is acknowledged at once. */
export function makeMemoryConnector(topics: MemoryTopics, clock: Clock): Connector {
  return {
    openSource: async (source, listener) => openMemorySource(topics, source, listener, clock),
    openSink: async ({ topic }) => openMemorySink(topics, topic, clock),
    openDeadLetters: async () => openMemoryDeadLetters(topics, clock),
    openState: async definition => openMemoryState(topics, definition),
    close: async () => {}
  }
}

function openMemorySource(
  topics: MemoryTopics,
  { topic, groupId }: SourceDefinition,
  listener: SourceListener,
  clock: Clock
): SourceConnection {
  const batch = new BatchBuffer(listener.rejected)
  const position = new Map<number, number>()
  const isNext = ({ partition, offset }: MemoryRecord): boolean =>
    offset >= (position.get(partition) ?? topics.committed(groupId, topic, partition))
  const isFirst = ({ partition }: MemoryRecord): boolean => partition === 0
  listener.assigned([0])
  return {
    async poll(maxRecords, maxWait) {
      const records = topics.read(topic).filter(isNext).slice(0, maxRecords)
      if (records.length === 0) {
        await clock.sleep(maxWait)
        return null
      }
      for (const { partition, offset } of records) position.set(partition, offset + 1)
      batch.fill(records, record => records[record]!.headers)
      return batch
    },
    async commit(partitions, next) {
      partitions.forEach((partition, i) => topics.commit(groupId, topic, partition, next[i]!))
    },
    async rewind(to) {
      const next = to === 'earliest' ? 0 : topics.read(topic).filter(isFirst).length
      position.set(0, next)
      topics.commit(groupId, topic, 0, next)
      return [0]
    },
    lag: (partition, next) => {
      const from = next ?? topics.committed(groupId, topic, partition)
      return topics
        .read(topic)
        .filter(record => record.partition === partition && record.offset >= from).length
    },
    partitions: async () => 1,
    close: async () => batch.release()
  }
}

function openMemorySink(topics: MemoryTopics, topic: string, clock: Clock): SinkConnection {
  return {
    async send(batch) {
      for (let i = 0; i < batch.count; i++) {
        topics.append(topic, {
          key: copyOf(batch, batch.keyStart[i]!, batch.keyEnd[i]!),
          value: copyOf(batch, batch.valueStart[i]!, batch.valueEnd[i]!),
          timestamp: clock.now(),
          headers: changeHeaders(batch, i)
        })
      }
    },
    flush: async () => {},
    compressionRatio: () => 1,
    close: async () => {}
  }
}

function copyOf({ bytes }: OutputBatch, start: number, end: number): Uint8Array | null {
  return start < 0 ? null : bytes.slice(start, end)
}

function openMemoryDeadLetters(topics: MemoryTopics, clock: Clock): DeadLetterConnection {
  return {
    prepare: async () => {},
    async send(topic, key, value, headers) {
      topics.append(topic, { key, value, headers, timestamp: clock.now() })
    },
    flush: async () => {},
    close: async () => {}
  }
}
