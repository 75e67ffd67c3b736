import type { PipelineDefinition, StateConnection } from '../../contract/index.ts'
import { stateTopic } from '../state-topic.ts'
import type { MemoryTopics } from './memory-topics.ts'

/** Tables' changes in in-memory topics. Nothing runs between the lines of a commit: changes and offsets are one. */
export function openMemoryState(
  topics: MemoryTopics,
  { name, tables }: PipelineDefinition
): StateConnection {
  const names = ['', ...tables.map(table => table.name)]
  return {
    async restore(apply) {
      for (const table of names) {
        for (const { key, value } of topics.read(stateTopic(name, table))) {
          apply({ table, key: key!, row: value })
        }
      }
    },
    async commit(changes, offsets) {
      for (const { table, key, row } of changes) {
        topics.append(stateTopic(name, table), { key, value: row, timestamp: 0 })
      }
      for (const { source, partitions, next } of offsets) await source.commit(partitions, next)
    },
    close: async () => {}
  }
}
