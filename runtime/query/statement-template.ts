import { type LiteralKind, numberKind, numberOf, type ScannedLiteral } from './scan-literals.ts'

/** A statement around the literals that are parameters: the next one like it is recognised without taking it apart. */
export interface StatementTemplate {
  /** One more than there are parameters: what stands before, between and behind them. */
  readonly texts: readonly string[]
  readonly parameters: readonly {
    /** Its number among the statement's literals. */
    readonly index: number
    readonly kind: LiteralKind
  }[]
}

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const QUOTE = 0x27
const SEMICOLON = 0x3b
const POINT = 0x2e
const SPACE = 0x20
/** As many digits are exact in a double; more are for the scanner to judge. */
const DIGITS = 14

/** Of a statement whose `parameters` are numbers of its `literals`. */
export function makeTemplate(
  text: string,
  literals: readonly ScannedLiteral[],
  parameters: readonly number[]
): StatementTemplate {
  const texts: string[] = []
  let from = 0
  const slots = parameters.toSorted((a, b) => a - b)
  for (const index of slots) {
    const literal = literals[index]!
    texts.push(text.slice(from, literal.start))
    from = literal.end
  }
  texts.push(text.slice(from))
  return {
    texts,
    parameters: slots.map(index => ({ index, kind: literals[index]!.kind }))
  }
}

/**
 * The end of the statement at `start`, if it is one of the template: its parameters are in `values` then, by their numbers. -1: it
 * is not, or needs a closer look. A text that is the same as the one in `values` is not made again.
 */
export function matchTemplate(
  { texts, parameters }: StatementTemplate,
  text: string,
  start: number,
  values: unknown[]
): number {
  let at = start
  for (let i = 0; i < parameters.length; i++) {
    at = matchText(texts[i]!, text, at)
    if (at < 0) return -1
    const { index, kind } = parameters[i]!
    at =
      kind === 't' ? readText(text, at, values, index) : readNumber(text, at, values, index, kind)
    if (at < 0) return -1
  }
  at = matchText(texts[parameters.length]!, text, at)
  return at >= 0 && isEnd(text, at) ? at : -1
}

/** Behind `expected`, or -1. A loop: a call of startsWith costs more than most of these texts. */
function matchText(expected: string, text: string, start: number): number {
  const length = expected.length
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(start + i) !== expected.charCodeAt(i)) return -1
  }
  return start + length
}

function readText(text: string, at: number, values: unknown[], index: number): number {
  if (text.charCodeAt(at) !== QUOTE) return -1
  const known = values[index]
  if (typeof known === 'string') {
    const end = matchText(known, text, at + 1)
    if (end >= 0 && text.charCodeAt(end) === QUOTE && text.charCodeAt(end + 1) !== QUOTE) {
      return end + 1
    }
  }
  const close = text.indexOf("'", at + 1)
  if (close < 0 || text.charCodeAt(close + 1) === QUOTE) return -1
  const value = text.slice(at + 1, close)
  if (value.includes('\\')) return -1
  values[index] = value
  return close + 1
}

function readNumber(
  text: string,
  at: number,
  values: unknown[],
  index: number,
  kind: Exclude<LiteralKind, 't'>
): number {
  const isNegative = text.charCodeAt(at) === MINUS
  // Two of them begin a comment.
  if (isNegative && text.charCodeAt(at - 1) === MINUS) return -1
  const first = isNegative ? at + 1 : at
  let end = first
  let value = 0
  for (let digit = text.charCodeAt(end); digit >= ZERO && digit <= NINE;) {
    value = value * 10 + digit - ZERO
    digit = text.charCodeAt(++end)
  }
  if (end === first || end - first > DIGITS) return -1
  if (text.charCodeAt(end) === POINT) return readDecimal(text, at, end, values, index, kind)
  // A zero has no sign, whatever is written.
  const number = isNegative && value !== 0 ? -value : value
  if (numberKind(number) !== kind) return -1
  values[index] = number
  return end
}

/** A number from `at` whose point is at `point`. */
function readDecimal(
  text: string,
  at: number,
  point: number,
  values: unknown[],
  index: number,
  kind: LiteralKind
): number {
  let end = point + 1
  for (let digit = text.charCodeAt(end); digit >= ZERO && digit <= NINE;) {
    digit = text.charCodeAt(++end)
  }
  if (end === point + 1 || end - at > DIGITS) return -1
  const value = numberOf(text.slice(at, end))
  if (numberKind(value) !== kind) return -1
  values[index] = value
  return end
}

/** Whether nothing but blanks stands before the semicolon or the end of the text. */
function isEnd(text: string, from: number): boolean {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++
  return at === text.length || text.charCodeAt(at) === SEMICOLON
}
