import { type LiteralKind, numberKind, numberOf, type ScannedLiteral } from './scan-literals.ts'

/** A statement around the literals that are parameters: the next one like it is recognised without taking it apart. */
export interface StatementTemplate {
  /** One more than there are parameters: what stands before, between and behind them. */
  readonly texts: readonly Uint16Array[]
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

/**
 * A text as its UTF-16 units, and a zero behind them: to compare texts by these takes a third of the time that `charCodeAt` takes,
 * which looks at each call what kind of string it has.
 */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length + 1)
  Buffer.from(units.buffer).write(text, 'utf16le')
  return units
}

/** Of a statement whose `parameters` are numbers of its `literals`. */
export function makeTemplate(
  text: string,
  literals: readonly ScannedLiteral[],
  parameters: readonly number[]
): StatementTemplate {
  const texts: Uint16Array[] = []
  const cut = (start: number, end?: number): number =>
    texts.push(unitsOf(text.slice(start, end)).subarray(0, -1))
  let from = 0
  const slots = parameters.toSorted((a, b) => a - b)
  for (const index of slots) {
    const literal = literals[index]!
    cut(from, literal.start)
    from = literal.end
  }
  cut(from)
  return {
    texts,
    parameters: slots.map(index => ({ index, kind: literals[index]!.kind }))
  }
}

/**
 * The end of the statement at `start` of `text`, whose units are `units`, if it is one of the template: its parameters are in `values`
 * then, by their numbers. -1: it is not, or needs a closer look. A text that is the same as the one in `values` is not made again.
 */
export function matchTemplate(
  { texts, parameters }: StatementTemplate,
  text: string,
  units: Uint16Array,
  start: number,
  values: unknown[]
): number {
  let at = start
  for (let i = 0; i < parameters.length; i++) {
    at = matchUnits(texts[i]!, units, at)
    if (at < 0) return -1
    const { index, kind } = parameters[i]!
    at =
      kind === 't'
        ? readText(text, units, at, values, index)
        : readNumber(text, units, at, values, index, kind)
    if (at < 0) return -1
  }
  at = matchUnits(texts[parameters.length]!, units, at)
  return at >= 0 && isEnd(units, at) ? at : -1
}

/** Behind `expected`, or -1. */
function matchUnits(expected: Uint16Array, units: Uint16Array, start: number): number {
  const { length } = expected
  if (start + length >= units.length) return -1
  for (let i = 0; i < length; i++) if (units[start + i] !== expected[i]) return -1
  return start + length
}

function readText(
  text: string,
  units: Uint16Array,
  at: number,
  values: unknown[],
  index: number
): number {
  if (units[at] !== QUOTE) return -1
  const known = values[index]
  if (typeof known === 'string' && isText(known, units, at + 1)) return at + known.length + 2
  const close = units.indexOf(QUOTE, at + 1)
  if (close < 0 || units[close + 1] === QUOTE) return -1
  const value = text.slice(at + 1, close)
  if (value.includes('\\')) return -1
  values[index] = value
  return close + 1
}

/** Whether the literal whose text begins at `start` is `known`. */
function isText(known: string, units: Uint16Array, start: number): boolean {
  const { length } = known
  const end = start + length
  if (end + 1 >= units.length || units[end] !== QUOTE || units[end + 1] === QUOTE) return false
  for (let i = 0; i < length; i++) if (units[start + i] !== known.charCodeAt(i)) return false
  return true
}

function readNumber(
  text: string,
  units: Uint16Array,
  at: number,
  values: unknown[],
  index: number,
  kind: Exclude<LiteralKind, 't'>
): number {
  const isNegative = units[at] === MINUS
  // Two of them begin a comment.
  if (isNegative && units[at - 1] === MINUS) return -1
  const first = isNegative ? at + 1 : at
  let end = first
  let value = 0
  for (let digit = units[end]!; digit >= ZERO && digit <= NINE;) {
    value = value * 10 + digit - ZERO
    digit = units[++end]!
  }
  if (end === first || end - first > DIGITS) return -1
  if (units[end] === POINT) return readDecimal(text, units, at, end, values, index, kind)
  // A zero has no sign, whatever is written.
  const number = isNegative && value !== 0 ? -value : value
  if (numberKind(number) !== kind) return -1
  values[index] = number
  return end
}

/** A number from `at` whose point is at `point`. */
function readDecimal(
  text: string,
  units: Uint16Array,
  at: number,
  point: number,
  values: unknown[],
  index: number,
  kind: LiteralKind
): number {
  let end = point + 1
  for (let digit = units[end]!; digit >= ZERO && digit <= NINE;) {
    digit = units[++end]!
  }
  if (end === point + 1 || end - at > DIGITS) return -1
  const value = numberOf(text.slice(at, end))
  if (numberKind(value) !== kind) return -1
  values[index] = value
  return end
}

/** Whether nothing but blanks stands before the semicolon or the end of the text. */
function isEnd(units: Uint16Array, from: number): boolean {
  const end = units.length - 1
  let at = from
  while (at < end && units[at]! <= SPACE) at++
  return at === end || units[at] === SEMICOLON
}
