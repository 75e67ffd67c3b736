import { CommonToken, SqlLexer, type Token } from '#grammar'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import {
  malformedNumber,
  unexpectedCharacter,
  unterminatedComment,
  unterminatedName,
  unterminatedString
} from '../diagnostics/parse.ts'
import { makeSpan, type SourceFile, type Span } from '../source/index.ts'
import { makeCharStream } from './char-stream.ts'
import { classifyWords, wordAt } from './keywords.ts'
import { markParens } from './parens.ts'

export interface TokenList {
  /** Without comments; the last one is the end of the file. */
  readonly tokens: readonly Token[]
  /** What is wrong with single tokens, by token: a statement with one of them is not parsed. */
  readonly faults: ReadonlyMap<Token, Diagnostic>
}

/** The script's tokens with their final types: keywords where words are keywords, parentheses that open queries. */
export function readTokens(file: SourceFile): TokenList {
  const { tokens, openComment } = scan(file)
  classifyWords(tokens)
  markParens(tokens)
  const faults = new Map<Token, Diagnostic>()
  let suspect: Token | null = null
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const fault =
      token === openComment
        ? unterminatedComment(makeSpan(file, token.start, token.start + 2))
        : faultOf(file, token, suspect)
    if (fault !== null) faults.set(token, fault)
    if (token.type === SqlLexer.SEMICOLON) suspect = null
    else if (isSuspect(tokens, at)) suspect ??= token
  }
  return { tokens, faults }
}

/** A word right behind a string: the quote that ended the string may have been meant to open the next. */
function isSuspect(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]!
  const adjoins = tokens[at + 1]?.start === token.stop + 1
  return token.type === SqlLexer.STRING && adjoins && wordAt(tokens, at + 1) !== ''
}

/** Drops the comments. An open one swallows the rest: it stays as a token, so that its statement is not parsed. */
function scan(file: SourceFile): { tokens: Token[]; openComment: Token | null } {
  const lexer = new SqlLexer(makeCharStream(file.text))
  lexer.removeErrorListeners()
  const tokens: Token[] = []
  const comments: Token[] = []
  const parens: boolean[] = []
  const types = watchTypes()
  for (let token = lexer.nextToken(); token.type !== SqlLexer.EOF; token = lexer.nextToken()) {
    if (token.type === SqlLexer.COMMENT_OPEN) comments.push(token)
    else if (token.type === SqlLexer.COMMENT_CLOSE) comments.pop()
    else if (isHashComment(file, token, tokens, parens.at(-1) === true))
      skipLine(file, token, lexer)
    else {
      if (token.type === SqlLexer.HASH_COMMENT) {
        token.type = hashOperators[token.stop - token.start]!
      }
      types.add(token, tokens)
      if (token.type === SqlLexer.LEFT_PAREN) parens.push(opensProperties(tokens))
      else if (token.type === SqlLexer.RIGHT_PAREN) parens.pop()
      tokens.push(...types.split(token))
    }
  }
  const openComment = comments[0] ?? null
  if (openComment !== null) tokens.push(openComment)
  const end: Token = CommonToken.fromType(SqlLexer.EOF) as Token
  end.start = end.stop = file.text.length
  tokens.push(end)
  return { tokens, openComment }
}

/** `#`, `#>` and `#>>`. */
const hashOperators = [SqlLexer.HASH, SqlLexer.JSON_PATH, SqlLexer.JSON_PATH_TEXT]

/** The lexer goes on with the next line. */
function skipLine(file: SourceFile, token: Token, lexer: SqlLexer): void {
  const rest = /[\r\n]|$/g
  rest.lastIndex = token.stop + 1
  lexer.inputStream.seek(rest.exec(file.text)!.index)
}

/** Knows how many types are open, as in MAP<TEXT, ARRAY<INT>>, whose end is no shift. */
function watchTypes() {
  let open = 0
  return {
    add({ type }: Token, before: readonly Token[]): void {
      const word = wordAt(before, before.length - 1)
      if (type === SqlLexer.SEMICOLON) open = 0
      else if (type === SqlLexer.LESS && ['MAP', 'ARRAY', 'STRUCT'].includes(word)) open++
      else if (type === SqlLexer.GREATER && open > 0) open--
    },
    split(token: Token): readonly Token[] {
      if (token.type !== SqlLexer.SHIFT_RIGHT || open < 2) return [token]
      open -= 2
      const second = (token as CommonToken).clone() as Token
      token.type = second.type = SqlLexer.GREATER
      token.stop = token.start
      second.start = second.stop
      return [token, second]
    }
  }
}

export function tokenSpan(file: SourceFile, token: Token): Span {
  const end = token.type === SqlLexer.EOF ? token.start : token.stop + 1
  return makeSpan(file, token.start, end)
}

function opensProperties(tokens: readonly Token[]): boolean {
  return ['KAFKA', 'CONFIG', 'ERROR', 'LATE', 'WITH'].includes(wordAt(tokens, tokens.length - 1))
}

/**
 * `# ...` is a comment where `#` can't be meant as an operator of another dialect: alone on its line, behind a
 * comma, an opening parenthesis or a semicolon, and among properties.
 */
function isHashComment(
  file: SourceFile,
  token: Token,
  before: readonly Token[],
  amongProperties: boolean
): boolean {
  if (token.type !== SqlLexer.HASH_COMMENT) return false
  const lastType = before.at(-1)?.type
  const separators: (number | undefined)[] = [
    undefined,
    SqlLexer.COMMA,
    SqlLexer.LEFT_PAREN,
    SqlLexer.SEMICOLON
  ]
  if (amongProperties || separators.includes(lastType)) return true
  const lineStart = file.text.lastIndexOf('\n', token.start - 1) + 1
  return before.at(-1)!.stop < lineStart
}

function faultOf(file: SourceFile, token: Token, suspect: Token | null): Diagnostic | null {
  switch (token.type) {
    case SqlLexer.UNTERMINATED_STRING: {
      const isDollar = file.text.startsWith('$$', token.start)
      const isEscape = !isDollar && file.text[token.start] !== "'"
      const width = isDollar || isEscape ? 2 : 1
      const opening = makeSpan(file, token.start, token.start + width)
      const doubted = suspect === null ? null : tokenSpan(file, suspect)
      return unterminatedString(isDollar ? '$$' : "'", opening, doubted)
    }
    case SqlLexer.UNTERMINATED_NAME:
      return unterminatedName(file.text[token.start]!, firstCharacter(file, token))
    case SqlLexer.BAD_NUMBER:
      return malformedNumber(token.text ?? '', tokenSpan(file, token))
    case SqlLexer.UNEXPECTED: {
      const character = String.fromCodePoint(file.text.codePointAt(token.start)!)
      return unexpectedCharacter(character, characterHint(character), tokenSpan(file, token))
    }
    default:
      return null
  }
}

function firstCharacter(file: SourceFile, { start }: Token): Span {
  return makeSpan(file, start, start + 1)
}

function characterHint(character: string): string | null {
  if ('\u2018\u2019\u201A\u2032'.includes(character)) return "Write strings in plain quotes: '...'."
  if ('\u201C\u201D\u201E\u2033'.includes(character))
    return 'Write quoted names as "..." and strings as \'...\'.'
  if (/\p{Z}|\u200B/u.test(character)) return 'It looks like a blank but is not one: replace it.'
  if ('\u2010\u2011\u2012\u2013\u2014\u2212'.includes(character)) return 'Write a minus as -.'
  return null
}
