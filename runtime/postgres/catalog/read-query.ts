import { partEnd } from '../../sql/statement-bounds.ts'

/**
 * A query of the catalogue, taken apart at its clauses. Expressions are in one spelling: without blanks but those between words, in
 * small letters but in quotes, and without `pg_catalog.`.
 */
export interface CatalogQuery {
  readonly items: readonly { readonly text: string; readonly name: string }[]
  /** What stands behind FROM, up to WHERE. */
  readonly from: string
  /** What all has to hold. */
  readonly conditions: readonly string[]
  /** What stands behind that. */
  readonly tail: string
}

/** More are in no query of psql's. */
const LONGEST = 20_000
/** What ends the part that is read. Of a UNION the first query tells the columns. */
const ENDS = new Set(['order', 'group', 'union', 'limit', 'having'])

/** Null: it is none of the form SELECT ... FROM ... WHERE. */
export function readCatalogQuery(text: string): CatalogQuery | null {
  if (text.length > LONGEST) return null
  const tokens = tokensOf(text)
  if (tokens[0] !== 'select') return null
  const from = tokens.findIndex((token, i) => token === 'from' && depthAt(tokens, i) === 0)
  if (from < 0) return null
  const end = endOf(tokens, from)
  const where = tokens.findIndex(
    (token, i) => token === 'where' && i > from && i < end && depthAt(tokens, i) === 0
  )
  const behind = where < 0 ? end : where
  const conditions = where < 0 ? [] : split(tokens.slice(where + 1, end), 'and').map(join)
  const items = split(tokens.slice(1, from), ',').map(readItem)
  return {
    items,
    from: join(tokens.slice(from + 1, behind)),
    conditions,
    tail: join(tokens.slice(end))
  }
}

function endOf(tokens: readonly string[], from: number): number {
  const end = tokens.findIndex(
    (token, i) => i > from && ENDS.has(token) && depthAt(tokens, i) === 0
  )
  return end < 0 ? tokens.length : end
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  for (let at = 0; at < text.length;) {
    const end = partEnd(text, at)
    const part = text.slice(at, end)
    at = end
    if (part.trim() === '' || /^(--|\/\*)/.test(part)) continue
    tokens.push(/^[eE]?['"]/.test(part) ? part : part.toLowerCase())
  }
  return tokens.flatMap((token, i) => {
    const [before, behind] = [tokens[i - 1], tokens[i + 1]]
    if (token === 'pg_catalog' && behind === '.') return []
    if (token === '.' && before === 'pg_catalog') return []
    return behind === '.' ? [aliases[token] ?? token] : [token]
  })
}

/** SQLAlchemy names columns by their tables, psql by these. */
const aliases: Readonly<Record<string, string>> = {
  pg_class: 'c',
  pg_namespace: 'n',
  pg_attribute: 'a',
  pg_type: 't'
}

/** How many brackets are open; a CASE is one too. */
function depthAt(tokens: readonly string[], index: number): number {
  let depth = 0
  for (let i = 0; i < index; i++) depth += stepOf(tokens[i]!)
  return depth
}

function stepOf(token: string): number {
  if (token === '(' || token === '[' || token === 'case') return 1
  return token === ')' || token === ']' || token === 'end' ? -1 : 0
}

function split(tokens: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    depth += stepOf(token)
    if (depth === 0 && token === separator) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
}

function join(tokens: readonly string[]): string {
  let text = ''
  for (const token of tokens) {
    text += /[\w"]$/.test(text) && /^[\w"]/.test(token) ? ` ${token}` : token
  }
  return text
}

/** PostgreSQL names a column by its alias, else by its last name, else `?column?`. */
function readItem(tokens: readonly string[]): { readonly text: string; readonly name: string } {
  const as = tokens.lastIndexOf('as')
  if (as > 0 && as === tokens.length - 2) {
    return { text: join(tokens.slice(0, as)), name: tokens[as + 1]!.replaceAll('"', '') }
  }
  const last = tokens.at(-1) ?? ''
  const name = tokens[0] === 'case' ? 'case' : /^\w+$/.test(last) ? last : nameOfCall(tokens)
  return { text: join(tokens), name }
}

function nameOfCall(tokens: readonly string[]): string {
  return tokens.at(-1) === ')' && tokens[1] === '(' ? tokens[0]! : '?column?'
}
