import {
  BailErrorStrategy,
  ParseCancellationException,
  SqlParser,
  type StatementContext,
  type Token
} from '#grammar'
import { makeExpecting, type Stop } from './expecting.ts'
import { makeTokenSlice } from './token-slice.ts'

/**
 * The tree of the statement in tokens[start, end), or where it stops being one. A right statement is parsed without
 * the bookkeeping that errors need; a wrong one is parsed again with it.
 */
export function parseStatement(
  tokens: readonly Token[],
  start: number,
  end: number
): StatementContext | Stop {
  const first = makeParser(tokens, start, end, new BailErrorStrategy())
  const tree = attempt(first)
  if (tree !== null) return tree
  const stops: Stop[] = []
  const strategy = makeExpecting(first.tokenStream.index, stop => stops.push(stop))
  attempt(makeParser(tokens, start, end, strategy))
  return stops[0]!
}

/** A parser of its own each time: one that has failed starts in the state where it stopped. */
function makeParser(
  tokens: readonly Token[],
  start: number,
  end: number,
  strategy: BailErrorStrategy
): SqlParser {
  const parser = new SqlParser(makeTokenSlice(tokens, start, end))
  parser.removeErrorListeners()
  parser.errorHandler = strategy
  return parser
}

function attempt(parser: SqlParser): StatementContext | null {
  try {
    return parser.statement()
  } catch (error) {
    if (error instanceof ParseCancellationException) return null
    throw error
  }
}
