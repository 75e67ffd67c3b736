import { partEnd } from '../../sql/statement-bounds.ts'
import { notAnswered } from './not-answered.ts'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end'
  /** Of a word: in small letters; of a name in quotes and of a string: what stands in them. */
  readonly text: string
  /** Where it begins. */
  readonly start: number
}

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
/** The longest first. */
const OPERATOR = /::|<=|>=|<>|!=|!~~\*|!~~|!~\*|!~|~~\*|~~|~\*|\|\||@>|<@|&&/y
const QUOTED = /"(?:[^"]|"")*"/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    const known = [OPERATOR, NUMBER, QUOTED].map(pattern => match(pattern, text, at))
    const end = known.find(one => one !== null) ?? partEnd(text, at)
    const [part, start] = [text.slice(at, end), at]
    at = end
    if (part.trim() === '' || /^(?:--|\/\*)/.test(part)) continue
    tokens.push({ ...tokenOf(part), start })
  }
  return tokens
}

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

function tokenOf(part: string): Omit<Token, 'start'> {
  if (/^[eE]'/.test(part)) return { kind: 'string', text: unescaped(inside(part.slice(1), "'")) }
  if (part.startsWith("'")) return { kind: 'string', text: inside(part, "'") }
  if (part.startsWith('$$')) return { kind: 'string', text: part.slice(2, -2) }
  if (part.startsWith('"')) return { kind: 'quoted', text: inside(part, '"') }
  if (/^[\p{L}_]/u.test(part)) return { kind: 'word', text: part.toLowerCase() }
  return { kind: /^[.\d]\d|^\d/.test(part) ? 'number' : 'symbol', text: part }
}

function inside(part: string, quote: string): string {
  if (part.length < 2 || !part.endsWith(quote)) throw notAnswered(`${quote} is left open`)
  return part.slice(1, -1).replaceAll(quote + quote, quote)
}

function unescaped(text: string): string {
  return text.replace(/\\([^])/g, (_, one: string) => ESCAPES[one] ?? one)
}
