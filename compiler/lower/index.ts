export { lowerGraph } from './lower-graph.ts'
