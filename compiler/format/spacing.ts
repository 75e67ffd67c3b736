import { SqlLexer, SqlParser } from '#grammar'

/** A token's type and the grammar rule that it belongs to. */
export interface Placed {
  readonly type: number
  readonly rule: number
}

const closing = new Set([
  ...[SqlLexer.RIGHT_PAREN, SqlLexer.RIGHT_BRACKET, SqlLexer.LEFT_BRACKET, SqlLexer.EMPTY_BRACKETS],
  ...[SqlLexer.COMMA, SqlLexer.SEMICOLON, SqlLexer.DOT, SqlLexer.DOT_STAR, SqlLexer.TYPE_CAST],
  SqlLexer.COLON
])
const opening = new Set([
  ...[SqlLexer.LEFT_PAREN, SqlLexer.QUERY_PAREN, SqlLexer.LEFT_BRACKET],
  ...[SqlLexer.DOT, SqlLexer.TYPE_CAST, SqlLexer.COLON]
])
const signs = new Set([SqlLexer.PLUS, SqlLexer.MINUS])
/** Rules whose parenthesis belongs to the word before it, as in `count(*)` and `DECIMAL(10, 2)`. */
const calls = new Set([
  ...[SqlParser.RULE_call, SqlParser.RULE_typeName, SqlParser.RULE_windowCall],
  SqlParser.RULE_simple
])

/** Whether a blank stands between two tokens of one line. */
export function isSpaced(before: Placed, next: Placed): boolean {
  // `1.x` would be read as one malformed number.
  if (before.type === SqlLexer.NUMBER && isDot(next.type)) return true
  if (isOpening(before) || closing.has(next.type)) return false
  // Two signs in a row: `--` would begin a comment.
  if (isSign(before)) return signs.has(next.type)
  if (next.type === SqlLexer.LEFT_PAREN) return !opensCall(before, next)
  if (next.type === SqlLexer.QUERY_PAREN && before.type === SqlLexer.KW_ARRAY) return false
  if (isAngle(before, SqlLexer.LESS) || isAngle(next, SqlLexer.LESS)) return false
  return !isAngle(next, SqlLexer.GREATER)
}

/** The colon of a slice, not that of JSON_OBJECT('a': 1). */
function isOpening({ type, rule }: Placed): boolean {
  return opening.has(type) && rule !== SqlParser.RULE_argumentSeparator
}

/** Whether a token may stand right behind a comment: `a /* b *\/, c`. */
export function closesText(type: number): boolean {
  return closing.has(type)
}

function opensCall(before: Placed, { rule }: Placed): boolean {
  if (rule === SqlParser.RULE_relationPrimary) {
    return before.type === SqlLexer.KW_TABLE || before.type === SqlLexer.KW_UNNEST
  }
  return calls.has(rule)
}

function isDot(type: number): boolean {
  return type === SqlLexer.DOT || type === SqlLexer.DOT_STAR
}

/** Of `MAP<TEXT, INT>`, not of a comparison. */
function isAngle({ type, rule }: Placed, angle: number): boolean {
  return type === angle && rule === SqlParser.RULE_typeName
}

/** Of a number or an operand, not between two. */
function isSign({ type, rule }: Placed): boolean {
  const isUnary = rule === SqlParser.RULE_unary || rule === SqlParser.RULE_propertyValue
  return isUnary && signs.has(type)
}
