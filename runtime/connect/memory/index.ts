export { makeMemoryConnector } from './memory-connector.ts'
export {
  makeMemoryTopics,
  type MemoryRecord,
  type MemoryTopics,
  type NewRecord
} from './memory-topics.ts'
