import { SqlLexer } from '#grammar'
import { isKeyword, keywordTypes } from './keywords.ts'

const { CONCAT, COMMA, NUMBER, STRING, WORD, KW_UNIT, QUERY_PAREN, KW_CASE } = SqlLexer
const {
  KW_CREATE,
  KW_SELECT,
  KW_TRUE,
  KW_AND,
  KW_OR,
  KW_FROM,
  RIGHT_PAREN,
  SEMICOLON,
  EOF,
  LEFT_PAREN
} = SqlLexer

/** What continues an expression: never worth saying. */
const operators = new Set([
  ...range(SqlLexer.TYPE_CAST, SqlLexer.CARET),
  ...[SqlLexer.HASH, SqlLexer.JSON_PATH, SqlLexer.JSON_PATH_TEXT],
  ...[SqlLexer.LEFT_BRACKET, SqlLexer.DOT, SqlLexer.DOT_STAR, LEFT_PAREN],
  ...[KW_AND, KW_OR, SqlLexer.KW_NOT, SqlLexer.KW_IS, SqlLexer.KW_IN],
  ...[SqlLexer.KW_BETWEEN, SqlLexer.KW_LIKE, SqlLexer.KW_ILIKE, SqlLexer.KW_SIMILAR],
  ...[SqlLexer.KW_ESCAPE, SqlLexer.KW_AT, SqlLexer.KW_WITHIN, SqlLexer.KW_FILTER],
  ...[SqlLexer.KW_COLLATE, SqlLexer.KW_ISNULL, SqlLexer.KW_NOTNULL, SqlLexer.KW_OVERLAPS],
  ...[SqlLexer.KW_RETURNING, SqlLexer.KW_VALUE],
  ...[SqlLexer.KW_OVER, SqlLexer.KW_UNIT, SqlLexer.KW_FOR, SqlLexer.KW_PLACING],
  ...[STRING, SqlLexer.ESCAPE_STRING, SqlLexer.DOLLAR_STRING, SqlLexer.NAMED_ARGUMENT]
])

/** Said by another token or by nobody. */
const unsaid = new Set([
  ...[QUERY_PAREN, EOF, SqlLexer.DOT, SqlLexer.QUOTED_NAME],
  SqlLexer.EMPTY_BRACKETS
])

/** Forms of a relation and of IF EXISTS: where a name is missing, a name is what is missing. */
const besideNames = new Set([
  ...[SqlLexer.KW_IF, SqlLexer.KW_LATERAL, SqlLexer.KW_TABLE, SqlLexer.KW_UNNEST],
  ...[SqlLexer.KW_TUMBLE, SqlLexer.KW_HOP, SqlLexer.KW_SESSION, SqlLexer.KW_CUMULATE, LEFT_PAREN]
])

/** Said first, and alone where there are many more. */
const foremost = [COMMA, RIGHT_PAREN, KW_FROM, SEMICOLON]
const mostShown = 5

/** In words of SQL, with "or" before the last: `"," or ")"`. */
export function showExpected(expected: ReadonlySet<number>): string {
  return showWhole(expected) ?? showWords(expected)
}

/** One word for what many token types begin, but for expressions. */
function showWhole(expected: ReadonlySet<number>): string | null {
  if (expected.has(KW_CREATE) && expected.has(KW_SELECT)) return 'a statement'
  // Of a parameter or a setting.
  const startsValue = expected.has(KW_TRUE) && expected.has(NUMBER) && !expected.has(KW_CASE)
  return startsValue ? 'a value' : null
}

function showWords(expected: ReadonlySet<number>): string {
  const words = new Set<string>()
  let types = [...expected].filter(type => !unsaid.has(type))
  if (expected.has(KW_CASE) && expected.has(NUMBER)) {
    words.add('an expression')
    types = types.filter(type => type === RIGHT_PAREN)
  } else if (expected.has(CONCAT)) {
    types = types.filter(type => !operators.has(type) && !isName(type))
    // Inside BETWEEN a AND b the AND is no operator.
    if (expected.has(KW_AND) && !expected.has(KW_OR)) types.push(KW_AND)
  } else if (expected.has(WORD)) {
    // A name is optional where the statement may go on without one.
    const isOptional = expected.has(COMMA) || expected.has(SEMICOLON)
    if (!isOptional) words.add('a name')
    types = types.filter(type => !isName(type) && (isOptional || !besideNames.has(type)))
  }
  const first = types.filter(type => foremost.includes(type))
  if (types.length + words.size > mostShown && first.length > 0) types = first
  types.sort((a, b) => rank(a) - rank(b))
  for (const type of types) words.add(showType(type))
  return joinWords([...words].slice(0, mostShown))
}

/** Keywords that could have stood there, as a person writes them. */
export function expectedKeywords(expected: ReadonlySet<number>): string[] {
  const takesNames = expected.has(WORD)
  return [...keywordTypes]
    .filter(([word, type]) => {
      if (!expected.has(type)) return false
      // Where any name may stand, a name that looks like a short keyword is most likely a name.
      return !takesNames || (!isName(type) && word.length > 3)
    })
    .map(([word]) => word)
}

function showType(type: number): string {
  if (type === WORD) return 'a name'
  if (type === NUMBER) return 'a number'
  if (type === KW_UNIT) return 'a unit of time'
  if (type === STRING || type === SqlLexer.ESCAPE_STRING || type === SqlLexer.DOLLAR_STRING) {
    return 'a string'
  }
  if (isKeyword(type)) return SqlLexer.symbolicNames[type]!.slice(3)
  return (SqlLexer.literalNames[type] ?? '').replace(/^'|'$/g, '"')
}

function rank(type: number): number {
  const place = foremost.indexOf(type)
  return place >= 0 ? place : type + foremost.length
}

/** Words that are names in the rule `identifier`. */
function isName(type: number): boolean {
  return (
    type === WORD ||
    type === SqlLexer.QUOTED_NAME ||
    (type >= SqlLexer.KW_ADVANCE && type <= SqlLexer.KW_VIEWS)
  )
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? 'something else'
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
