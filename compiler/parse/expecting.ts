import {
  BailErrorStrategy,
  ParseCancellationException,
  type Parser,
  type ParserRuleContext,
  Token
} from '#grammar'

/** Where the parser stopped and the token types that could have stood there. */
export interface Stop {
  readonly token: Token
  readonly expected: ReadonlySet<number>
  /** The grammar rules around the place, innermost first. */
  readonly rules: readonly number[]
}

/**
 * Stops at the first error and keeps what could have stood there. The parser leaves optional parts and loops silently,
 * so each such exit is remembered until a token is accepted: `SELECT a b c` expects "," at c, and not only ";".
 * `stopIndex` is the token where the parser is known to stop: before it there is nothing to remember.
 */
export function makeExpecting(stopIndex: number, onStop: (stop: Stop) => void): BailErrorStrategy {
  let exitState = -1
  let exitContext: ParserRuleContext | null = null
  let exitIndex = -1
  const stop = (parser: Parser): never => {
    const isRemembered = exitIndex === parser.tokenStream.index
    const state = isRemembered ? exitState : parser.state
    const context = isRemembered ? exitContext : parser.context
    const expected = new Set(parser.atn.getExpectedTokens(state, context).toArray())
    onStop({ token: parser.getCurrentToken(), expected, rules: rulesAround(context) })
    throw new ParseCancellationException(new Error('stopped'))
  }
  const sync = (parser: Parser) => {
    if (parser.tokenStream.index < stopIndex) return
    const next = parser.atn.nextTokens(parser.atn.states[parser.state]!)
    const type = parser.tokenStream.LA(1)
    if (next.contains(type)) return
    if (!next.contains(Token.EPSILON)) stop(parser)
    if (exitIndex === parser.tokenStream.index) return
    exitState = parser.state
    exitContext = parser.context
    exitIndex = parser.tokenStream.index
  }
  return Object.assign(new BailErrorStrategy(), { recoverInline: stop, recover: stop, sync })
}

function rulesAround(innermost: ParserRuleContext | null): number[] {
  const rules: number[] = []
  for (let context = innermost; context !== null; context = context.parent as typeof context) {
    rules.push(context.ruleIndex)
  }
  return rules
}
