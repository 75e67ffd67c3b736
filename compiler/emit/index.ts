export {
  emitChangeStatement,
  emitChangeQueryStatement,
  emitQueryStatement
} from './emit-statement.ts'
export { emitPipeline, type EmittedPipeline } from './emit-pipeline.ts'
export { emitFailingSuite, emitSuite } from './tests/emit-suite.ts'
