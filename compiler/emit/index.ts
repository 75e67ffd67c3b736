export {
  emitChangeStatement,
  emitInsertQueryStatement,
  emitQueryStatement
} from './emit-statement.ts'
export { emitProgram, type EmittedPipeline } from './emit-program.ts'
export { emitFailingSuite, emitSuite } from './tests/emit-suite.ts'
