export { lowerGraph } from './lower-graph.ts'
export { lowerScript } from './lower-script.ts'
export { lowerTests } from './lower-tests.ts'
export { traceStates } from './trace-states.ts'
