import { SqlLexer, type Token } from '#grammar'
import type { Place } from './place.ts'

/** A query around a place, as tokens: it may be wrong anywhere but in FROM and WITH. */
export interface SelectLevel {
  /** Of SELECT. */
  readonly select: number
  /** Of FROM, and behind the last token of its relations; null: there is none yet. */
  readonly from: { readonly start: number; readonly end: number } | null
  /** The tables of WITH that it can read: each a run of tokens. */
  readonly common: readonly (readonly [start: number, end: number])[]
}

const { KW_SELECT, KW_FROM, KW_WITH, KW_DISTINCT, COMMA, SEMICOLON, RIGHT_PAREN } = SqlLexer
const openers = new Set([SqlLexer.LEFT_PAREN, SqlLexer.QUERY_PAREN])
/** What ends the relations of FROM. */
const enders = new Set([
  ...[SqlLexer.KW_WHERE, SqlLexer.KW_GROUP, SqlLexer.KW_HAVING, SqlLexer.KW_ORDER],
  ...[SqlLexer.KW_LIMIT, SqlLexer.KW_OFFSET, SqlLexer.KW_EMIT, SqlLexer.KW_UNION],
  ...[SqlLexer.KW_INTERSECT, SqlLexer.KW_EXCEPT, SqlLexer.KW_CREATE, KW_SELECT]
])

/** The queries around a place, innermost first. */
export function findLevels({ tokens, first, at }: Place): readonly SelectLevel[] {
  const outlines: { select: number | null; common: [number, number][] }[] = []
  let select: number | null = null
  let common: [number, number][] = []
  let inner = at
  let depth = 0
  for (let i = at - 1; i >= first; i--) {
    const { type } = tokens[i]!
    if (type === RIGHT_PAREN) depth++
    else if (openers.has(type)) {
      if (depth > 0) {
        depth--
        continue
      }
      outlines.push({ select, common })
      select = null
      common = []
      inner = i
    } else if (depth > 0) continue
    else if (type === KW_SELECT) select ??= i
    else if (type === KW_WITH) common = commonTables(tokens, i, select === null ? inner : null)
  }
  outlines.push({ select, common })
  return outlines.flatMap(({ select: start }, i) => {
    if (start === null) return []
    // What a query around it names can be read too.
    const visible = outlines
      .slice(i)
      .toReversed()
      .flatMap(outline => outline.common)
    return { select: start, from: findFrom(tokens, start), common: visible }
  })
}

/** The tables of the WITH at `start`; `before`: only those before the one that has this parenthesis. */
function commonTables(
  tokens: readonly Token[],
  start: number,
  before: number | null
): [number, number][] {
  const tables: [number, number][] = []
  let begin = start + 1
  let depth = 0
  for (let i = start + 1; i < tokens.length; i++) {
    const { type } = tokens[i]!
    if (i === before) return tables
    if (openers.has(type)) depth++
    else if (type === RIGHT_PAREN) depth--
    else if (depth === 0 && type === COMMA) {
      tables.push([begin, i])
      begin = i + 1
    } else if (depth === 0 && (type === KW_SELECT || type === SEMICOLON)) {
      tables.push([begin, i])
      return tables
    }
    if (depth < 0) return tables
  }
  return tables
}

function findFrom(tokens: readonly Token[], select: number): SelectLevel['from'] {
  let start: number | null = null
  let depth = 0
  for (let i = select + 1; i < tokens.length; i++) {
    const { type } = tokens[i]!
    if (openers.has(type)) depth++
    else if (type === RIGHT_PAREN) depth--
    const ends = depth < 0 || type === SEMICOLON || type === SqlLexer.EOF
    if (ends || (depth === 0 && enders.has(type))) return start === null ? null : { start, end: i }
    // IS DISTINCT FROM compares.
    const isClause = type === KW_FROM && tokens[i - 1]!.type !== KW_DISTINCT
    if (depth === 0 && isClause) start ??= i
  }
  return null
}
