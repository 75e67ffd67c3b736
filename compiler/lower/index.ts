export { lowerGraph } from './lower-graph.ts'
export { lowerTests } from './lower-tests.ts'
