import { CommonToken, SqlLexer, type StatementContext, type Token } from '#grammar'
import type { Stop } from './expecting.ts'
import { isReserved } from './keywords.ts'
import { parseStatement } from './statement.ts'

/** Some tokens that a statement may have been meant to be, what it took to get there, and what the parser says of them. */
interface Attempt {
  readonly tokens: readonly Token[]
  readonly cost: number
  readonly parsed: StatementContext | Stop
}

/** Attempts: some 20 ms for a long statement. */
const maxAttempts = 80
/** Being a token nearer to the end is worth this much: else all ways to repair one place were tried before the next. */
const ahead = 0.1

/**
 * The tree of a wrong statement with as few tokens put in or left out as make it right: the cheapest of what one finds at the
 * places where the parser stops (Burke and Fisher's repair). `written` ends with the semicolon or the end of the file. What is put
 * in takes no room, so the spans of all else are those of the text. Null: nothing is near.
 */
export function repairStatement(written: readonly Token[], stop: Stop): StatementContext | null {
  const open: Attempt[] = [{ tokens: written, cost: 0, parsed: stop }]
  for (let tries = 1; open.length > 0;) {
    const [best] = open.splice(cheapest(open), 1)
    const { tokens, cost, parsed } = best!
    if (!('expected' in parsed)) return parsed
    const at = tokens.indexOf(parsed.token)
    // What does not even begin as a statement could be anything.
    if (at <= 0) continue
    for (const repair of repairsOf(tokens, at, parsed)) {
      if (tries++ === maxAttempts) return null
      const again = parseStatement(repair.tokens, 0, repair.tokens.length)
      open.push({ tokens: repair.tokens, cost: cost + repair.cost, parsed: again })
    }
  }
  return null
}

function cheapest(open: readonly Attempt[]): number {
  const price = ({ tokens, cost, parsed }: Attempt): number =>
    'expected' in parsed ? cost + ahead * (tokens.length - tokens.indexOf(parsed.token)) : cost
  const prices = open.map(price)
  return prices.indexOf(Math.min(...prices))
}

interface Repair {
  readonly tokens: readonly Token[]
  readonly cost: number
}

function repairsOf(tokens: readonly Token[], at: number, { expected }: Stop): readonly Repair[] {
  const [before, behind] = [tokens.slice(0, at), tokens.slice(at)]
  const inserts = insertable(expected).map(insert => withToken(tokens, at, insert))
  const clause = expected.has(RIGHT_PAREN) ? findClause(tokens, at) : null
  if (clause !== null) inserts.push(withToken(tokens, clause, [RIGHT_PAREN, ')', 0.9]))
  if (behind.length === 1) return inserts
  const { type } = behind[0]!
  const left = { tokens: [...before, ...behind.slice(1)], cost: isReserved(type) ? 3 : 2 }
  const rest = { tokens: [...before, behind.at(-1)!], cost: 3 + behind.length / 4 }
  return [...inserts, left, rest]
}

function withToken(tokens: readonly Token[], at: number, [type, text, cost]: Insert): Repair {
  const token = makeToken(type, text, tokens[at]!.start)
  return { tokens: [...tokens.slice(0, at), token, ...tokens.slice(at)], cost }
}

/**
 * FROM inside of the call that is open at a place: it belongs to the query, if the call is to be closed yet, and not to the call, as
 * that of `extract(year FROM ts)`. Null: there is none.
 */
function findClause(tokens: readonly Token[], at: number): number | null {
  let depth = 0
  let found: number | null = null
  for (let i = at - 1; i >= 0; i--) {
    const { type } = tokens[i]!
    if (type === RIGHT_PAREN) depth++
    else if (type === LEFT_PAREN && depth-- === 0) return found
    else if (type === SqlLexer.QUERY_PAREN && depth-- === 0) return null
    else if (type === SqlLexer.KW_FROM && depth === 0) found = i
  }
  return null
}

type Insert = readonly [type: number, text: string, cost: number]

const {
  KW_NULL,
  KW_CASE,
  NUMBER,
  STRING,
  WORD,
  CONCAT,
  RIGHT_PAREN,
  LEFT_PAREN,
  RIGHT_BRACKET,
  COMMA,
  EQUAL
} = SqlLexer

/** A name that is also the name of a type. */
const name: Insert = [WORD, 'text', 1]
const nothing: Insert = [KW_NULL, 'NULL', 1]
const values: readonly Insert[] = [
  [STRING, "''", 1],
  [NUMBER, '0', 1]
]
const closing: readonly Insert[] = [
  [RIGHT_PAREN, ')', 1],
  [RIGHT_BRACKET, ']', 1],
  [COMMA, ',', 1.2]
]
const opening: readonly Insert[] = [
  [EQUAL, '=', 1],
  [LEFT_PAREN, '(', 1]
]
const words = ['AS', 'ON', 'BY', 'THEN', 'END', 'AND', 'FROM', 'WHERE', 'TO', 'SET', 'VALUES'].map(
  (word): Insert => [
    SqlLexer.symbolicNames.indexOf(`KW_${word}`),
    word,
    // Hardly anybody forgets them: they are still to be written.
    1.5
  ]
)

function insertable(expected: ReadonlySet<number>): readonly Insert[] {
  const startsExpression = expected.has(KW_CASE) && expected.has(NUMBER)
  if (startsExpression) return [nothing, ...closing].filter(([type]) => expected.has(type))
  // Behind an expression a name would be an alias.
  const isBehind = expected.has(CONCAT)
  const all = isBehind
    ? [...closing, ...words]
    : [name, ...values, ...closing, ...opening, ...words]
  return all.filter(([type]) => expected.has(type))
}

function makeToken(type: number, text: string, place: number): Token {
  const token: Token = CommonToken.fromType(type, text) as Token
  token.start = place
  token.stop = place - 1
  return token
}
