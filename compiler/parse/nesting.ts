import { SqlLexer, type Token } from '#grammar'

/** The generated parser recurses some fifteen calls per level: this many fit any stack. */
export const maxNesting = 200

const openers = new Set([
  SqlLexer.LEFT_PAREN,
  SqlLexer.QUERY_PAREN,
  SqlLexer.LEFT_BRACKET,
  SqlLexer.KW_CASE
])
const closers = new Set([SqlLexer.RIGHT_PAREN, SqlLexer.RIGHT_BRACKET, SqlLexer.KW_END])

/** The token in [start, end) that opens one level too many, or null. */
export function findTooDeep(tokens: readonly Token[], start: number, end: number): Token | null {
  let depth = 0
  let types = 0
  for (let at = start; at < end; at++) {
    const token = tokens[at]!
    if (openers.has(token.type)) depth++
    else if (closers.has(token.type)) depth = Math.max(0, depth - 1)
    else if (token.type === SqlLexer.LESS && opensType(tokens[at - 1])) types++
    else if (token.type === SqlLexer.GREATER && types > 0) types--
    if (depth + types > maxNesting) return token
  }
  return null
}

const types = new Set([SqlLexer.KW_MAP, SqlLexer.KW_ARRAY, SqlLexer.KW_STRUCT])

/** `MAP<...>`, `ARRAY<...>` and `STRUCT<...>`. */
function opensType(before: Token | undefined): boolean {
  return before !== undefined && types.has(before.type)
}
