export { optimizeGraph } from './optimize-graph.ts'
