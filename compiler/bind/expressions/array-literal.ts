import type { SqlType } from '../../types/index.ts'
import { type ConvertText, literalJson } from './literal-json.ts'

/** An element's text, NULL, or an inner array. */
type Item = string | null | readonly Item[]

const TOKEN = /\s*(?:"((?:[^"\\]|\\[^])*)"|([{},])|([^\s",{}\\](?:[^",{}\\]*[^\s",{}\\])?))\s*/y

/** PostgreSQL's text of an array, `{1,NULL,"a b"}`, as the JSON that a literal holds; undefined where it is none. */
export function arrayLiteral(
  text: string,
  type: Extract<SqlType, { kind: 'Array' }>,
  convert: ConvertText
): string | undefined {
  const tokens = tokensOf(text)
  if (tokens === null || tokens[0]?.mark !== '{') return undefined
  const reader = { tokens, at: 1 }
  const items = readItems(reader)
  return items === undefined || reader.at < tokens.length
    ? undefined
    : itemsJson(items, type, convert)
}

interface Token {
  /** A brace or comma. */
  readonly mark: string | null
  readonly item: string | null
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = []
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const match = TOKEN.exec(text)
    if (match === null) return null
    const [, quoted, mark, bare] = match
    const word = bare === undefined || /^null$/i.test(bare) ? null : bare
    tokens.push({ mark: mark ?? null, item: quoted?.replace(/\\([^])/g, '$1') ?? word })
  }
  return tokens
}

interface Reader {
  readonly tokens: readonly Token[]
  at: number
}

/** Behind an opening brace, up to its closing one. */
function readItems(reader: Reader): Item[] | undefined {
  const items: Item[] = []
  if (reader.tokens[reader.at]?.mark === '}') {
    reader.at++
    return items
  }
  for (;;) {
    const token = reader.tokens[reader.at++]
    if (token === undefined || token.mark === ',' || token.mark === '}') return undefined
    const item = token.mark === '{' ? readItems(reader) : token.item
    if (item === undefined) return undefined
    items.push(item)
    const { mark = null } = reader.tokens[reader.at++] ?? {}
    if (mark === '}') return items
    if (mark !== ',') return undefined
  }
}

function itemsJson(
  items: readonly Item[],
  { element }: Extract<SqlType, { kind: 'Array' }>,
  convert: ConvertText
): string | undefined {
  const texts = items.map(item => {
    if (item === null) return 'null'
    if (typeof item !== 'string') {
      return element.kind === 'Array' ? itemsJson(item, element, convert) : undefined
    }
    const value = convert(item, element)
    return value === undefined ? undefined : literalJson(value, element)
  })
  return texts.includes(undefined) ? undefined : `[${texts.join(',')}]`
}
