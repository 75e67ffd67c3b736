import type { PipelineDefinition, TransactionConnection } from '../../contract/index.ts'
import { stateNames, statePartition, stateTopic } from '../state-topic.ts'
import type { MemoryTopics, NewRecord } from './memory-topics.ts'

/** What takes the records of sinks and dead letters. */
export type Append = (topic: string, record: NewRecord) => void

export interface MemoryTransactions extends TransactionConnection {
  /** Exactly once: what a sink gets is in its topic when it is committed. */
  readonly append: Append
}

/** Nothing runs between the lines of a commit: outputs, changes and offsets are one. */
export function openMemoryTransactions(
  topics: MemoryTopics,
  definition: PipelineDefinition
): MemoryTransactions {
  const { delivery } = definition
  const partition = statePartition(definition).index
  const read = (table: string) =>
    topics.read(stateTopic(definition, table)).filter(record => record.partition === partition)
  let sent: (readonly [topic: string, record: NewRecord])[] = []
  return {
    append(topic, record) {
      if (delivery === 'exactly_once') sent.push([topic, record])
      else topics.append(topic, record)
    },
    async restore(table, offset, apply) {
      for (const { key, value } of read(table).slice(offset)) {
        apply({ table, key: key!, row: value })
      }
    },
    ends: async () =>
      new Map(
        stateNames(definition)
          .slice(1)
          .map(table => [table, read(table).length])
      ),
    async commit(changes, offsets) {
      for (const [topic, record] of sent) topics.append(topic, record)
      sent = []
      for (const { table, key, row } of changes) {
        topics.append(stateTopic(definition, table), { key, value: row, partition, timestamp: 0 })
      }
      for (const { source, partitions, next, times } of offsets)
        await source.commit(partitions, next, times)
    },
    async abort() {
      sent = []
    },
    isFull: () => false,
    close: async () => {}
  }
}
