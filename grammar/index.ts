// What the parser's users need of the ANTLR runtime stands here: nothing else imports it.
export {
  BailErrorStrategy,
  type CharStream,
  CommonToken,
  type Interval,
  ParseCancellationException,
  type Parser,
  ParserRuleContext,
  type ParseTree,
  TerminalNode,
  Token,
  type TokenStream
} from 'antlr4ng'
export { SqlLexer } from './generated/SqlLexer.ts'
export * from './generated/SqlParser.ts'
