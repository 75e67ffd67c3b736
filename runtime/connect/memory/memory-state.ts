import type { PipelineDefinition, StateConnection } from '../../contract/index.ts'
import { stateNames, stateTopic } from '../state-topic.ts'
import type { MemoryTopics } from './memory-topics.ts'

/** Tables' changes in in-memory topics. Nothing runs between the lines of a commit: changes and offsets are one. */
export function openMemoryState(
  topics: MemoryTopics,
  definition: PipelineDefinition
): StateConnection {
  const { name } = definition
  return {
    async restore(table, offset, apply) {
      for (const { key, value } of topics.read(stateTopic(name, table)).slice(offset)) {
        apply({ table, key: key!, row: value })
      }
    },
    ends: async () =>
      new Map(
        stateNames(definition)
          .slice(1)
          .map(table => [table, topics.read(stateTopic(name, table)).length])
      ),
    async commit(changes, offsets) {
      for (const { table, key, row } of changes) {
        topics.append(stateTopic(name, table), { key, value: row, timestamp: 0 })
      }
      for (const { source, partitions, next } of offsets) await source.commit(partitions, next)
    },
    close: async () => {}
  }
}
