import { SqlLexer, type Token } from '#grammar'
import { closest } from '../diagnostics/closest.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { syntaxError } from '../diagnostics/parse.ts'
import { makeSpan, type SourceFile, type Span } from '../source/index.ts'
import type { Stop } from './expecting.ts'
import { expectedKeywords, showExpected } from './expected.ts'
import { foreignHint } from './foreign-words.ts'
import { isKeyword, isReserved, wordAt } from './keywords.ts'
import { tokenSpan } from './tokens.ts'

const {
  EOF,
  SEMICOLON,
  STRING,
  WORD,
  EQUAL,
  COLON,
  COMMA,
  RIGHT_PAREN,
  LEFT_PAREN,
  QUERY_PAREN,
  QUOTED_NAME,
  KW_SELECT,
  NUMBER,
  CONCAT
} = SqlLexer

/** `expected X, found Y`, with the hint that most likely helps. */
export function describeStop(
  file: SourceFile,
  tokens: readonly Token[],
  start: number,
  stop: Stop
): Diagnostic {
  const at = tokens.indexOf(stop.token, start)
  const expected = at === start ? 'a statement' : showExpected(stop.expected)
  const hint = isTakenForName(file, tokens, start, at - 1)
    ? `End the statement before ${wordAt(tokens, at - 1)} with ";".`
    : hintFor(tokens, start, at, stop)
  return syntaxError(expected, showFound(stop.token), hint, placeOf(file, tokens, at))
}

/** The end of the script is shown behind its last word, not behind the empty lines that follow. */
function placeOf(file: SourceFile, tokens: readonly Token[], at: number): Span {
  const token = tokens[at]!
  const before = tokens[at - 1]
  if (token.type !== EOF || before === undefined) return tokenSpan(file, token)
  return makeSpan(file, before.stop + 1, before.stop + 1)
}

/** Behind a missing semicolon the next statement is read, too; else what is behind the next one. */
export function resumeAt(
  file: SourceFile,
  tokens: readonly Token[],
  start: number,
  end: number,
  stop: Stop
): number {
  const at = tokens.indexOf(stop.token, start)
  if (isTakenForName(file, tokens, start, at - 1)) return at - 1
  return at > start && lacksSemicolon(tokens, at, stop) && isFirstOnLine(file, stop.token)
    ? at
    : end + 1
}

/**
 * Where a statement without its semicolon, tokens, is most likely followed by the next one; null: it is only wrong. A line that
 * begins with CREATE, or with a word that only a statement has before the next one, is one.
 */
export function findNextStatement(
  file: SourceFile,
  tokens: readonly Token[],
  stop: Stop
): number | null {
  const isTest = wordAt(tokens, 0) === 'TEST'
  for (let at = 1; at < tokens.length; at++) {
    if (!isFirstOnLine(file, tokens[at]!)) continue
    const isSure = wordAt(tokens, at) === 'CREATE' || (!isTest && startsWith(tokens, at))
    if (isSure || (tokens[at] === stop.token && lacksSemicolon(tokens, at, stop))) return at
  }
  return null
}

/** Words that begin a statement and may be names, with the words that follow them only in a statement. */
const nextWords: Readonly<Record<string, readonly string[]>> = {
  INSERT: ['INTO'],
  DELETE: ['FROM'],
  ALTER: ['SOURCE', 'SINK'],
  DROP: ['SOURCE', 'SINK', 'TABLE', 'MODEL', 'VIEW']
}

/** `FROM s` and INSERT INTO on the next line: INSERT was read as an alias of s. */
function isTakenForName(
  file: SourceFile,
  tokens: readonly Token[],
  start: number,
  at: number
): boolean {
  return at > start && isFirstOnLine(file, tokens[at]!) && startsWith(tokens, at)
}

function startsWith(tokens: readonly Token[], at: number): boolean {
  return nextWords[wordAt(tokens, at)]?.includes(wordAt(tokens, at + 1)) === true
}

/** Words that begin a statement and hardly anything else. */
const statementWords = [
  'CREATE',
  'INSERT',
  'SELECT',
  'UPDATE',
  'DELETE',
  'DROP',
  'ALTER',
  'SET',
  'EXPLAIN',
  'TEST'
]

function lacksSemicolon(tokens: readonly Token[], at: number, stop: Stop): boolean {
  return stop.expected.has(SEMICOLON) && statementWords.includes(wordAt(tokens, at))
}

function isFirstOnLine(file: SourceFile, token: Token): boolean {
  const lineStart = file.text.lastIndexOf('\n', token.start - 1) + 1
  return file.text.slice(lineStart, token.start).trim() === ''
}

function hintFor(tokens: readonly Token[], start: number, at: number, stop: Stop): string | null {
  const before = at > start ? tokens[at - 1]! : null
  if (before?.type === STRING && before.stop + 1 === stop.token.start) {
    return "A string ends right before it: is a quote missing, or not doubled inside the string ('it''s')?"
  }
  return (
    foreignHint(tokens, start, at) ??
    misspelt(tokens, start, at, stop.expected) ??
    (lacksSemicolon(tokens, at, stop) ? 'End the statement before with ";".' : null) ??
    slipHint(before, stop) ??
    nameHint(stop)
  )
}

function slipHint(before: Token | null, { token, expected }: Stop): string | null {
  if (before?.type === EQUAL && token.type === EQUAL) return 'SQL compares with a single "=".'
  if (token.type === COLON && expected.has(EQUAL)) return 'Parameters are written as name = value.'
  if (before?.type === COMMA && (token.type === RIGHT_PAREN || isReserved(token.type))) {
    return 'Is the comma before it one too many?'
  }
  return token.type === QUERY_PAREN && expected.has(LEFT_PAREN)
    ? 'Put the query into parentheses of its own.'
    : null
}

function nameHint({ token, expected }: Stop): string | null {
  // Behind an expression a name would be an alias: hardly what was meant.
  const isAlias = expected.has(CONCAT) && !expected.has(NUMBER)
  if (isReserved(token.type) && token.type !== KW_SELECT && expected.has(WORD) && !isAlias) {
    return `${(token.text ?? '').toUpperCase()} is a reserved word: as a name, write it in double quotes.`
  }
  return token.type === QUOTED_NAME && expected.has(STRING)
    ? "Double quotes are for names: write strings in single quotes, '...'."
    : null
}

/** Either the word found is a keyword misspelt, or the one before it, which was taken for a name. */
function misspelt(
  tokens: readonly Token[],
  start: number,
  at: number,
  expected: ReadonlySet<number>
): string | null {
  const keywords = expectedKeywords(expected)
  const word = wordAt(tokens, at)
  const isMisspelt = word.length > 2 && !isReserved(tokens[at]!.type)
  const meant = isMisspelt ? closest(word, keywords) : null
  if (meant !== null && meant !== word) return `Did you mean ${meant}?`

  const before = at > start ? wordAt(tokens, at - 1) : ''
  if (before.length < 3 || tokens[at - 1]!.type !== WORD) return null
  const meantBefore = closest(before, clauseWords)
  if (meantBefore === null || meantBefore === before) return null
  return `${tokens[at - 1]!.text ?? ''} was read as a name: did you mean ${meantBefore}?`
}

/** Keywords that are taken for an alias where they are misspelt. */
const clauseWords = [
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'JOIN',
  'LEFT',
  'RIGHT',
  'INNER',
  'BETWEEN',
  'LIKE',
  'EMIT',
  'OVER',
  'VALUES',
  'PRIMARY',
  'WATERMARK'
]

function showFound(token: Token): string {
  if (token.type === EOF) return 'the end of the script'
  const text = token.text ?? ''
  if (isKeyword(token.type)) return text.toUpperCase()
  if (token.type === STRING && text.length > 40) return 'a string'
  if (token.type === STRING || token.type === QUOTED_NAME) return text
  return `"${text}"`
}
