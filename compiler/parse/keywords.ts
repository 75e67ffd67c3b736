import { SqlLexer, type Token } from '#grammar'

/** Words that are keywords only in a certain place; anywhere else they are names. */
type Place = (tokens: readonly Token[], at: number) => boolean

const types = new Map(
  SqlLexer.symbolicNames.flatMap((name, type): [string, number][] =>
    name?.startsWith('KW_') ? [[name.slice(3), type]] : []
  )
)
/** Every keyword, upper case, with its token type. */
export const keywordTypes: ReadonlyMap<string, number> = types

const units = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND']
/** The words that follow INTERVAL '5'. */
export const unitNames: readonly string[] = units.flatMap(unit => [unit, `${unit}S`])

const { STRING, ESCAPE_STRING, NUMBER, LEFT_PAREN, LESS } = SqlLexer
const before =
  (...words: string[]): Place =>
  (tokens, at) =>
    words.includes(wordAt(tokens, at + 1))
const beforeType =
  (...wanted: number[]): Place =>
  (tokens, at) =>
    wanted.includes(tokens[at + 1]?.type ?? SqlLexer.EOF)
const after =
  (...words: string[]): Place =>
  (tokens, at) =>
    words.includes(wordAt(tokens, at - 1))
const followedBy =
  (first: string, second: string): Place =>
  (tokens, at) =>
    wordAt(tokens, at + 1) === first && wordAt(tokens, at + 2) === second
const either =
  (...places: Place[]): Place =>
  (tokens, at) =>
    places.some(place => place(tokens, at))
const beforeParen = beforeType(LEFT_PAREN)
const beforeString = beforeType(STRING, ESCAPE_STRING)
const insideTrim: Place = (tokens, at) =>
  tokens[at - 1]?.type === LEFT_PAREN && wordAt(tokens, at - 2) === 'TRIM'
const all =
  (...wanted: Place[]): Place =>
  (tokens, at) =>
    wanted.every(place => place(tokens, at))
/** Behind a name, a literal or a closing parenthesis: a name can't stand there, but for an alias. */
const afterOperand: Place = (tokens, at) => {
  const type = tokens[at - 1]?.type ?? SqlLexer.EOF
  const isOperand = type === SqlLexer.WORD || type === SqlLexer.QUOTED_NAME || type === NUMBER
  const closes = type === SqlLexer.RIGHT_PAREN || type === SqlLexer.RIGHT_BRACKET || type === STRING
  const sorts = type === SqlLexer.KW_ASC || type === SqlLexer.KW_DESC
  // `IS NULL`, `ON TRUE`, and the END of a CASE.
  const ends = [SqlLexer.KW_NULL, SqlLexer.KW_TRUE, SqlLexer.KW_FALSE, SqlLexer.KW_END]
  return (
    isOperand || closes || sorts || ends.includes(type) || (isKeyword(type) && !isReserved(type))
  )
}
const opensOver: Place = (tokens, at) =>
  tokens[at - 1]?.type === LEFT_PAREN && ['OVER', 'AS'].includes(wordAt(tokens, at - 2))
/** A name that is no keyword anywhere, or stands in quotes. */
const isPlainName: Place = (tokens, at) => {
  const type = tokens[at]?.type ?? SqlLexer.EOF
  return type === SqlLexer.QUOTED_NAME || (type === SqlLexer.WORD && !types.has(wordAt(tokens, at)))
}
/** `f(x) OVER w`: behind a closing parenthesis it could also be an alias, which no name follows. */
const namesWindow: Place = (tokens, at) =>
  tokens[at - 1]?.type === SqlLexer.RIGHT_PAREN && isPlainName(tokens, at + 1)
/** `WINDOW w AS (...)`. */
const definesWindow: Place = (tokens, at) =>
  wordAt(tokens, at + 2) === 'AS' && beforeParen(tokens, at + 2)
const startsJoin = all(afterOperand, before('JOIN', 'OUTER', 'ASOF'))
const startsFrame = either(afterOperand, opensOver)
const afterInterval: Place = (tokens, at) => {
  const isQuantity = [STRING, ESCAPE_STRING, NUMBER].includes(tokens[at - 1]?.type ?? SqlLexer.EOF)
  if (isQuantity) return wordAt(tokens, at - 2) === 'INTERVAL'
  return wordAt(tokens, at - 1) === 'TO' && tokens[at - 2]?.type === SqlLexer.KW_UNIT
}

const beforeName: Place = (tokens, at) => isPlainName(tokens, at + 1)
/** `x ISNULL`; behind BY and SET it is a column. */
const testsOperand: Place = (tokens, at) =>
  afterOperand(tokens, at) && !after('BY', 'SET')(tokens, at)
const isNormalForm = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.type === SqlLexer.KW_NORMAL_FORM
/** `IS NORMALIZED`, `IS NOT NFD NORMALIZED`. */
const afterIs = (tokens: readonly Token[], at: number): boolean => {
  const last = tokens[at - 1]?.type
  return (last === SqlLexer.KW_NOT ? tokens[at - 2]?.type : last) === SqlLexer.KW_IS
}
/** `(a, b) OVERLAPS (c, d)`. */
const betweenRows: Place = (tokens, at) =>
  tokens[at - 1]?.type === SqlLexer.RIGHT_PAREN && beforeParen(tokens, at)
/** How many tokens are looked at for the parenthesis around a VALUE: a script of nothing but that word takes no time either. */
const LONGEST_OBJECT = 1000
/** `JSON_OBJECT('a' VALUE 1)`: beside the operands of any other call or list it is an alias. */
const insideJsonObject: Place = (tokens, at) => {
  if (!afterOperand(tokens, at) || tokens[at - 1]!.type === SqlLexer.KW_VALUE) return false
  let depth = 0
  for (let before = at - 1; before > Math.max(0, at - LONGEST_OBJECT); before--) {
    const type = tokens[before]!.type
    if (type === SqlLexer.SEMICOLON) return false
    if (type === SqlLexer.RIGHT_PAREN) depth++
    if (type === LEFT_PAREN && depth-- === 0) return wordAt(tokens, before - 1) === 'JSON_OBJECT'
  }
  return false
}

/** `STRUCT<name TYPE`: a column of that name stands before one operand. */
const beforeFields: Place = (tokens, at) => {
  const type = types.get(wordAt(tokens, at + 3))
  const isField = wordAt(tokens, at + 2) !== '' && wordAt(tokens, at + 3) !== ''
  return beforeType(LESS)(tokens, at) && isField && (type === undefined || !isReserved(type))
}

const places = new Map<string, Place>([
  ['ASOF', all(afterOperand, before('JOIN', 'LEFT', 'RIGHT', 'FULL'))],
  ['AT', either(before('TIME'), beforeString)],
  ['BOTH', insideTrim],
  ['LEADING', insideTrim],
  ['TRAILING', insideTrim],
  ['COLLATE', all(afterOperand, beforeName)],
  ['CROSS', all(afterOperand, before('JOIN'))],
  ['INNER', all(afterOperand, before('JOIN'))],
  ['OUTER', all(afterOperand, before('JOIN', 'ASOF'))],
  ['LEFT', startsJoin],
  ['RIGHT', startsJoin],
  ['FULL', startsJoin],
  ['CURRENT', before('ROW')],
  ['EMIT', either(followedBy('ON', 'WINDOW'), before('CHANGES'))],
  ['ERRORS', beforeType(NUMBER)],
  ['ESCAPE', beforeString],
  ['CUBE', beforeParen],
  ['ROLLUP', beforeParen],
  ['TUMBLE', beforeParen],
  ['HOP', beforeParen],
  ['SESSION', beforeParen],
  ['CUMULATE', beforeParen],
  ['FILTER', beforeParen],
  ['OVER', either(beforeParen, namesWindow)],
  ['UNNEST', beforeParen],
  ['TRY_CAST', beforeParen],
  ['GROUPING', before('SETS')],
  ['IDLE', before('TIMEOUT')],
  ['IF', either(followedBy('NOT', 'EXISTS'), before('EXISTS'))],
  ['INFER', followedBy('FROM', 'REGISTRY')],
  ['INTERVAL', beforeType(STRING, ESCAPE_STRING, NUMBER)],
  ['ISNULL', testsOperand],
  ['LATE', either(all(after('ON'), beforeParen), beforeType(NUMBER))],
  ['MAP', beforeType(LESS)],
  ['MAX', before('FUTURE')],
  ['METADATA', (tokens, at) => wordAt(tokens, at + 1) === 'FROM' && beforeString(tokens, at + 1)],
  ['NORMALIZED', (tokens, at) => afterIs(tokens, at) || isNormalForm(tokens, at - 1)],
  ['NOTNULL', testsOperand],
  ['NULLS', either(before('FIRST', 'LAST'), all(after('UNIQUE'), followedBy('NOT', 'DISTINCT')))],
  ['UNIQUE', followedBy('NULLS', 'NOT')],
  ['OFFSET', beforeType(NUMBER)],
  ['OVERLAPS', betweenRows],
  ['PARTITION', before('BY')],
  ['PATH', beforeString],
  ['PRECISION', after('DOUBLE')],
  ['VALUE', insideJsonObject],
  ['VARYING', after('CHARACTER', 'CHAR')],
  ['RANGE', all(startsFrame, before('BETWEEN', 'UNBOUNDED', 'CURRENT', 'INTERVAL'))],
  ['ROWS', all(startsFrame, either(before('BETWEEN', 'UNBOUNDED', 'CURRENT'), beforeType(NUMBER)))],
  ['ROW', either(beforeParen, after('CURRENT'))],
  ['RETURNING', all(afterOperand, beforeName)],
  ['STRUCT', beforeFields],
  ['SYMMETRIC', after('BETWEEN')],
  ['TIME', either(before('ZONE'), after('ADVANCE'))],
  ['UNBOUNDED', before('PRECEDING', 'FOLLOWING')],
  [
    'WATERMARK',
    (tokens, at) => wordAt(tokens, at + 1) === 'FOR' && wordAt(tokens, at + 2) !== 'SYSTEM_TIME'
  ],
  ['WINDOW', either(all(after('ON'), before('CLOSE')), definesWindow)],
  ['WITHIN', before('GROUP')],
  ['WITHOUT', before('TIME')],
  ['ZONE', after('TIME')],
  // Not a word of its own: stands for all units.
  ['UNIT', () => false],
  // Stands for all forms.
  ['NORMAL_FORM', () => false]
])
for (const unit of unitNames) {
  types.set(unit, SqlLexer.KW_UNIT)
  places.set(unit, afterInterval)
}
for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
  types.set(form, SqlLexer.KW_NORMAL_FORM)
  places.set(form, (tokens, at) => afterIs(tokens, at) && wordAt(tokens, at + 1) === 'NORMALIZED')
}
types.set('SAFE_CAST', SqlLexer.KW_TRY_CAST)
places.set('SAFE_CAST', beforeParen)

/** Gives the words among the tokens their keyword types, in place. */
export function classifyWords(tokens: readonly Token[]): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.type !== SqlLexer.WORD) continue
    const word = wordAt(tokens, at)
    const type = types.get(word)
    if (type === undefined) continue
    const place = places.get(word)
    if (place === undefined || place(tokens, at)) token.type = type
  }
}

/** Upper case; empty for what is not a word. */
export function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at]
  if (token === undefined) return ''
  const isWord = token.type === SqlLexer.WORD || isKeyword(token.type)
  return isWord ? (token.text ?? '').toUpperCase() : ''
}

export function isKeyword(type: number): boolean {
  return type >= SqlLexer.KW_ALL && type <= SqlLexer.KW_ZONE
}

/** Of reserved words only: those that are never names, unless quoted. */
export function isReserved(type: number): boolean {
  return type >= SqlLexer.KW_ALL && type <= SqlLexer.KW_WITH
}
