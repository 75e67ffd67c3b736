export { lowerGraph } from './lower-graph.ts'
export { lowerTests } from './lower-tests.ts'
export { traceStates } from './trace-states.ts'
