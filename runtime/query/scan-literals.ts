/**
 * What makes other code of a statement: a text, an INT, a BIGINT, or a DECIMAL of so many digits before and behind its point, which
 * decide what it fits into.
 */
export type LiteralKind = 't' | 'i' | 'b' | `d${number}.${number}`

/** A plain number or text in a statement. */
export interface ScannedLiteral {
  /** Offsets into the text. */
  readonly start: number
  readonly end: number
  /** A DECIMAL is a text: its digits. */
  readonly value: number | string
  readonly kind: LiteralKind
}

/** A statement as what it shares with those that differ from it in their literals, and the literals. */
export interface ScannedStatement {
  readonly shape: string
  readonly literals: readonly ScannedLiteral[]
  /** Behind its last token, without the semicolon. */
  readonly end: number
}

const TOKEN = /\s+|[A-Za-z_]\w*|\d+(?:\.\d+)?(?![\w.])|'(?:[^'\\]|'')*'|[(),=<>+*;-]/y
const SIGNED = /-\d+(?:\.\d+)?(?![\w.])/y
/** Behind one of them a minus is the sign of a number. */
const BEFORE_SIGN = '(,=<>+*'
const MARK = '\0'
/** Beyond them an integer is a BIGINT. */
const LARGEST_INT = 2_147_483_647
const SMALLEST_INT = -2_147_483_648
/** Every number of so many digits is one that a double holds. */
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
      const literal = literalOf(token, at - token.length)
      literals.push(literal)
      shape += MARK + literal.kind
    } else shape += token
    if (token.trim() === '') continue
    last = token
    end = at
  }
  return { shape: shape.trimEnd(), literals, end }
}

function literalOf(token: string, start: number): ScannedLiteral {
  const place = { start, end: start + token.length }
  if (token.startsWith("'")) {
    return { ...place, value: token.slice(1, -1).replaceAll("''", "'"), kind: 't' }
  }
  const value = numberOf(token)
  return { ...place, value, kind: numberKind(value) }
}

/** A number as it is written: an integer, or the digits of a DECIMAL. A zero has no sign. */
export function numberOf(written: string): number | string {
  if (!written.includes('.')) return Number(written) + 0
  return /^-[0.]+$/.test(written) ? written.slice(1) : written
}

/** Of what `numberOf` gives. */
export function numberKind(value: number | string): Exclude<LiteralKind, 't'> {
  if (typeof value === 'number') return value > LARGEST_INT || value < SMALLEST_INT ? 'b' : 'i'
  const point = value.indexOf('.')
  const whole = value.startsWith('-') ? point - 1 : point
  return `d${whole}.${value.length - point - 1}`
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
