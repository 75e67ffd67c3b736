export { definePart } from './define-part.ts'
export { resetTopology } from './reset-topology.ts'
export { startTopology } from './start-topology.ts'
export { topicsBetween } from './topics-between.ts'
