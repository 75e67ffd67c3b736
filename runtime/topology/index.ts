export { resetTopology } from './reset-topology.ts'
export { startTopology } from './start-topology.ts'
