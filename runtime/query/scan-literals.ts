/** A plain integer or text in a statement. */
export interface ScannedLiteral {
  /** Offsets into the statement. */
  readonly start: number
  readonly end: number
  readonly value: number | string
}

/** A statement as what it shares with those that differ from it in their literals, and the literals. */
export interface ScannedStatement {
  readonly shape: string
  readonly literals: readonly ScannedLiteral[]
}

const TOKEN = /\s+|[A-Za-z_]\w*|\d+(?![\w.])|'(?:[^'\\]|'')*'|[(),=<>+*;-]/y
const MARK = '\0'
/** Above it an integer is a BIGINT. */
const LARGEST_INT = 2_147_483_647
/** Every integer of so many digits is one that a double holds. */
const EXACT_DIGITS = 15

/** Null where there is anything that this does not know for sure: comments, quoted names, other kinds of literals. */
export function scanLiterals(text: string): ScannedStatement | null {
  if (text.includes('--') || text.includes(MARK)) return null
  const literals: ScannedLiteral[] = []
  let shape = ''
  let isAfterWord = false
  for (let start = 0; start < text.length; start = TOKEN.lastIndex) {
    TOKEN.lastIndex = start
    const token = TOKEN.exec(text)?.[0]
    if (token === undefined) return null
    const isText = token.startsWith("'")
    // A word before a quote makes another kind of literal of it.
    if (isText && isAfterWord) return null
    isAfterWord = /^\w/.test(token)
    const isNumber = /^\d/.test(token)
    if (isNumber && token.length > EXACT_DIGITS) return null
    if (!isText && !isNumber) {
      shape += token
      continue
    }
    const value = isText ? token.slice(1, -1).replaceAll("''", "'") : Number(token)
    shape += MARK + (isText ? 't' : Number(token) > LARGEST_INT ? 'b' : 'i')
    literals.push({ start, end: TOKEN.lastIndex, value })
  }
  return { shape, literals }
}
