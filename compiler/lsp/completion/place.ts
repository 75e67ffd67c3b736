import { CommonToken, SqlLexer, type Token } from '#grammar'
import { isKeyword, parseStatement, readTokens, type Stop } from '../../parse/index.ts'
import type { SourceFile } from '../../source/index.ts'

/** Where something is to be completed, and what the grammar says of it. */
export interface Place {
  readonly file: SourceFile
  readonly tokens: readonly Token[]
  /** The first token of the statement. */
  readonly first: number
  /** The token that is being written, or the one behind the place. */
  readonly at: number
  /** What a completion replaces. */
  readonly start: number
  readonly end: number
  /** Inside of quotes that it must keep. */
  readonly inString: boolean
  /** Token types that can stand here; empty where the statement is wrong before. */
  readonly expected: ReadonlySet<number>
  /** The grammar rules around, innermost first; empty where the statement is wrong before. */
  readonly rules: readonly number[]
}

/** Null: nothing is completed in comments, and in strings that are only text. */
export function findPlace(file: SourceFile, offset: number): Place | null {
  const { tokens } = readTokens(file)
  const touching = tokens.findIndex(token => token.start < offset && offset <= token.stop + 1)
  const touched = tokens[touching]
  const behind = tokens.findIndex(token => token.start >= offset)
  if (touched === undefined) {
    return isInComment(file, tokens, behind, offset)
      ? null
      : makePlace(file, tokens, behind, { start: offset, end: offset, inString: false })
  }
  const { type, start, stop } = touched
  if (type === SqlLexer.STRING || type === SqlLexer.UNTERMINATED_STRING) {
    const isClosed = type === SqlLexer.STRING && offset <= stop
    if (type === SqlLexer.STRING && !isClosed) return null
    const end = isClosed ? stop : offset
    return makePlace(file, tokens, touching, { start: start + 1, end, inString: true })
  }
  const isWord = type === SqlLexer.WORD || isKeyword(type)
  return isWord
    ? makePlace(file, tokens, touching, { start, end: stop + 1, inString: false })
    : makePlace(file, tokens, touching + 1, { start: offset, end: offset, inString: false })
}

type Replaced = Pick<Place, 'start' | 'end' | 'inString'>

function makePlace(
  file: SourceFile,
  tokens: readonly Token[],
  at: number,
  replaced: Replaced
): Place {
  let first = at
  while (first > 0 && tokens[first - 1]!.type !== SqlLexer.SEMICOLON) first--
  const { start, stops } = readStops(file, tokens, first, at)
  const expected = new Set(stops.flatMap(stop => [...stop.expected]))
  return { file, tokens, at, first: start, ...replaced, expected, rules: stops[0]?.rules ?? [] }
}

/** What the parser says at the place: it is given what stands before, and then a token that fits nowhere. */
function readStops(
  file: SourceFile,
  tokens: readonly Token[],
  first: number,
  at: number
): { readonly start: number; readonly stops: readonly Stop[] } {
  let start = first
  while (start <= at) {
    const before = tokens.slice(start, at)
    const lists = [before, ...withQueryParen(before)]
    const stops = lists.flatMap(list => stopBehind(list) ?? [])
    if (stops.length > 0) return { start, stops }
    // A semicolon may be missing: the statement begins where the one before it stops making sense.
    const next = nextStart(file, tokens, start, at)
    if (next === null) break
    start = next
  }
  return { start: first, stops: [] }
}

function stopBehind(before: readonly Token[]): Stop | null {
  const nowhere: Token = CommonToken.fromType(SqlLexer.UNEXPECTED) as Token
  const parsed = parseStatement([...before, nowhere], 0, before.length + 1)
  return 'expected' in parsed && parsed.token === nowhere ? parsed : null
}

/** Behind an opening parenthesis the query is still to be written that would have made it another token. */
function withQueryParen(before: readonly Token[]): readonly (readonly Token[])[] {
  const last = before.at(-1)
  if (last?.type !== SqlLexer.LEFT_PAREN) return []
  const paren: Token = CommonToken.fromType(SqlLexer.QUERY_PAREN) as Token
  paren.start = last.start
  paren.stop = last.stop
  return [[...before.slice(0, -1), paren]]
}

const statementStarts = new Set([
  ...[SqlLexer.KW_CREATE, SqlLexer.KW_SELECT, SqlLexer.KW_WITH, SqlLexer.KW_INSERT],
  ...[SqlLexer.KW_UPDATE, SqlLexer.KW_DELETE, SqlLexer.KW_DROP, SqlLexer.KW_ALTER],
  ...[SqlLexer.KW_SET, SqlLexer.KW_EXPLAIN, SqlLexer.KW_TEST]
])

function nextStart(
  { text }: SourceFile,
  tokens: readonly Token[],
  start: number,
  at: number
): number | null {
  for (let i = start + 1; i < at; i++) {
    const { type, start: place } = tokens[i]!
    const line = text.slice(text.lastIndexOf('\n', place - 1) + 1, place)
    if (statementStarts.has(type) && line.trim() === '') return i
  }
  return null
}

function isInComment(
  { text }: SourceFile,
  tokens: readonly Token[],
  behind: number,
  offset: number
): boolean {
  const before = tokens[behind - 1]
  let gap = text.slice(before === undefined ? 0 : before.stop + 1, offset)
  for (let comment = /--|#|\/\*/.exec(gap); comment !== null; comment = /--|#|\/\*/.exec(gap)) {
    const rest = gap.slice(comment.index + comment[0].length)
    const closing = comment[0] === '/*' ? '*/' : '\n'
    const end = rest.indexOf(closing)
    if (end < 0) return true
    gap = rest.slice(end + closing.length)
  }
  return false
}
