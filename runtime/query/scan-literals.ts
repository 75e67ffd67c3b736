/** A plain integer or text in a statement. */
export interface ScannedLiteral {
  /** Offsets into the text. */
  readonly start: number
  readonly end: number
  readonly value: number | string
}

/** A statement as what it shares with those that differ from it in their literals, and the literals. */
export interface ScannedStatement {
  readonly shape: string
  readonly literals: readonly ScannedLiteral[]
  /** Behind its last token, without the semicolon. */
  readonly end: number
}

const TOKEN = /\s+|[A-Za-z_]\w*|\d+(?![\w.])|'(?:[^'\\]|'')*'|[(),=<>+*;-]/y
const SIGNED = /-\d+(?![\w.])/y
/** Behind one of them a minus is the sign of a number. */
const BEFORE_SIGN = '(,=<>+*'
const MARK = '\0'
/** Beyond them an integer is a BIGINT. */
const LARGEST_INT = 2_147_483_647
const SMALLEST_INT = -2_147_483_648
/** Every integer of so many digits is one that a double holds. */
const EXACT_DIGITS = 15

/**
 * The statement that begins at `start`, as far as a semicolon or the end of the text. Null where there is anything that this does
 * not know for sure: comments, quoted names, other kinds of literals.
 */
export function scanLiterals(text: string, start = 0): ScannedStatement | null {
  const literals: ScannedLiteral[] = []
  let shape = ''
  let end = start
  let isAfterWord = false
  /** The last token that is no blank. */
  let last = ''
  for (let at = start; at < text.length;) {
    const token = tokenAt(text, at, last)
    if (token === null) return null
    if (token === ';') break
    const isText = token.startsWith("'")
    const isNumber = /^-?\d/.test(token)
    // A word before a quote makes another kind of literal of it; two minus signs begin a comment.
    if ((isText && isAfterWord) || (token === '-' && text[at + 1] === '-')) return null
    if (isNumber && token.length > EXACT_DIGITS) return null
    at += token.length
    isAfterWord = /^\w/.test(token)
    if (isText || isNumber) {
      // A zero has no sign, whatever is written.
      const value = isText ? token.slice(1, -1).replaceAll("''", "'") : Number(token) + 0
      literals.push({ start: at - token.length, end: at, value })
      shape += MARK + literalKind(value)
    } else shape += token
    if (token.trim() === '') continue
    last = token
    end = at
  }
  return { shape: shape.trimEnd(), literals, end }
}

/** What makes other code of a statement. */
export function literalKind(value: number | string): 't' | 'i' | 'b' {
  if (typeof value === 'string') return 't'
  return value > LARGEST_INT || value < SMALLEST_INT ? 'b' : 'i'
}

function tokenAt(text: string, at: number, before: string): string | null {
  if (text[at] === '-' && before !== '' && BEFORE_SIGN.includes(before)) {
    SIGNED.lastIndex = at
    const number = SIGNED.exec(text)
    if (number !== null) return number[0]
  }
  TOKEN.lastIndex = at
  return TOKEN.exec(text)?.[0] ?? null
}
