export { SqlLexer } from './generated/SqlLexer.ts'
export * from './generated/SqlParser.ts'
