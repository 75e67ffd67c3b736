import { SqlLexer, type Token } from '#grammar'

const queryStarts = new Set([SqlLexer.KW_SELECT, SqlLexer.KW_WITH, SqlLexer.KW_VALUES])
const queryContinues = new Set([
  SqlLexer.KW_UNION,
  SqlLexer.KW_INTERSECT,
  SqlLexer.KW_EXCEPT,
  SqlLexer.KW_ORDER,
  SqlLexer.KW_LIMIT,
  SqlLexer.KW_OFFSET,
  SqlLexer.KW_EMIT
])
const names = new Set([SqlLexer.WORD, SqlLexer.QUOTED_NAME])

/**
 * Marks the parentheses that open a query, so that `(SELECT 1)` and `(1)` differ in their first token. `((SELECT 1)
 * UNION ...)` opens a query too, `((SELECT 1) + 1)` does not: what follows the inner query decides.
 */
export function markParens(tokens: readonly Token[]): void {
  const closing = closingParens(tokens)
  for (let at = tokens.length - 1; at >= 0; at--) {
    const token = tokens[at]!
    if (token.type === SqlLexer.LEFT_PAREN && opensQuery(tokens, at, closing)) {
      token.type = SqlLexer.QUERY_PAREN
    }
  }
}

function opensQuery(tokens: readonly Token[], at: number, closing: Int32Array): boolean {
  const next = tokens[at + 1]!.type
  if (queryStarts.has(next)) return true
  if (next !== SqlLexer.QUERY_PAREN) return false
  // Of a call like array_agg((SELECT 1) ORDER BY 1) the first argument is a query, but not the whole.
  if (at > 0 && names.has(tokens[at - 1]!.type)) return false
  const behind = tokens[closing[at + 1]! + 1]
  return closing[at + 1]! > 0 && behind !== undefined && queryContinues.has(behind.type)
}

/** For each opening parenthesis the place of its closing one; 0 where there is none. */
function closingParens(tokens: readonly Token[]): Int32Array {
  const closing = new Int32Array(tokens.length)
  const open: number[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.type === SqlLexer.LEFT_PAREN) open.push(at)
    else if (token.type === SqlLexer.SEMICOLON) open.length = 0
    else if (token.type === SqlLexer.RIGHT_PAREN) {
      const opening = open.pop()
      if (opening !== undefined) closing[opening] = at
    }
  }
  return closing
}
