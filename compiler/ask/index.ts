export { openStatements, type StatementCompiler } from './open-statements.ts'
