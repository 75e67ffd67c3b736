export { compileScript, analyzeScript, type Compiled } from './compile.ts'
export type { CompileOptions, Session } from './session.ts'
