export { emitProgram, type EmittedPipeline } from './emit-program.ts'
