import { dayOfWeek, daysFromDate } from './calendar.ts'
import { DAY_NAMES, MONTH_NAMES, partsOf, type TimeParts, zeros } from './time-parts.ts'
import { ValueError } from './value-error.ts'

/** Writes one piece of a pattern. */
type Piece = (parts: TimeParts) => string

const patterns = new Map<string, readonly Piece[]>()
/** A pattern is mostly a constant: what comes from data must not fill the memory. */
const REMEMBERED = 1000

/** date_format: Java's pattern letters (`yyyy-MM-dd HH:mm:ss`), or MySQL's where the pattern has a `%` (`%Y-%m-%d`). */
export function formatTime(time: number, pattern: string): string {
  const parts = partsOf(time)
  let text = ''
  for (const piece of compilePattern(pattern)) text += piece(parts)
  return text
}

function compilePattern(pattern: string): readonly Piece[] {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  if (patterns.size >= REMEMBERED) patterns.clear()
  const pieces = pattern.includes('%') ? mysqlPieces(pattern) : javaPieces(pattern)
  patterns.set(pattern, pieces)
  return pieces
}

/** Runs of one letter, quoted text, and everything else as it is. */
function javaPieces(pattern: string): Piece[] {
  const tokens = pattern.match(/'(?:[^']|'')*'?|([a-zA-Z])\1*|[^a-zA-Z']+/g) ?? []
  return tokens.map(token => {
    if (token[0] === "'") return constant(unquote(token))
    return /[a-zA-Z]/.test(token[0]!) ? javaLetters(token[0]!, token.length) : constant(token)
  })
}

function unquote(token: string): string {
  if (token === "''") return "'"
  return token
    .slice(1, token.length > 1 && token.endsWith("'") ? -1 : undefined)
    .replace(/''/g, "'")
}

function constant(text: string): Piece {
  return () => text
}

function javaLetters(letter: string, width: number): Piece {
  const number = javaNumbers[letter]
  if (number !== undefined) return parts => zeros(number(parts), width)
  const text = javaTexts[letter]
  if (text !== undefined) return text(width)
  throw new ValueError('invalid-format', `the pattern letter ${letter} is unknown`)
}

const yearPiece = (width: number): Piece => {
  return ({ year }) => zeros(width === 2 ? year % 100 : year, width)
}
const monthPiece = (width: number): Piece => {
  if (width <= 2) return ({ month }) => zeros(month, width)
  return ({ month }) => MONTH_NAMES[month - 1]!.slice(0, width === 3 ? 3 : undefined)
}
const zoneOffset = (width: number): Piece => constant(width === 3 ? '+00:00' : '+0000')

/** What a run of a letter means by its length. */
const javaTexts: Readonly<Record<string, (width: number) => Piece>> = {
  y: yearPiece,
  u: yearPiece,
  M: monthPiece,
  L: monthPiece,
  E: width => {
    return ({ days }) => DAY_NAMES[dayOfWeek(days)]!.slice(0, width <= 3 ? 3 : undefined)
  },
  S: width => {
    return ({ millisecond }) => `${zeros(millisecond, 3)}000000`.slice(0, width)
  },
  a: () => halfDay,
  G: () => constant('AD'),
  // Times without a zone are in UTC.
  X: () => constant('Z'),
  z: () => constant('UTC'),
  V: () => constant('UTC'),
  Z: zoneOffset,
  x: width => (width === 1 ? constant('+00') : zoneOffset(width))
}

const halfDay: Piece = ({ hour }) => (hour < 12 ? 'AM' : 'PM')
const hour12 = ({ hour }: TimeParts): number => (hour % 12 === 0 ? 12 : hour % 12)
const dayOfYear = ({ days, year }: TimeParts): number => days - daysFromDate(year, 1, 1) + 1

const javaNumbers: Readonly<Record<string, (parts: TimeParts) => number>> = {
  d: ({ day }) => day,
  D: dayOfYear,
  Q: ({ month }) => Math.ceil(month / 3),
  H: ({ hour }) => hour,
  k: ({ hour }) => (hour === 0 ? 24 : hour),
  h: hour12,
  K: ({ hour }) => hour % 12,
  m: ({ minute }) => minute,
  s: ({ second }) => second
}

function mysqlPieces(pattern: string): Piece[] {
  const tokens = pattern.match(/%[^]|[^%]+|%/g) ?? []
  return tokens.map(token => {
    if (token.length < 2 || token[0] !== '%') return constant(token)
    return mysqlPiece(token[1]!)
  })
}

/** MySQL writes a letter that means nothing as it is. */
function mysqlPiece(letter: string): Piece {
  return Object.hasOwn(mysql, letter) ? mysql[letter]! : constant(letter)
}

const clock: Piece = ({ minute, second }) => `${zeros(minute, 2)}:${zeros(second, 2)}`

const mysql: Readonly<Record<string, Piece>> = {
  Y: ({ year }) => zeros(year, 4),
  y: ({ year }) => zeros(year % 100, 2),
  m: ({ month }) => zeros(month, 2),
  c: ({ month }) => String(month),
  M: ({ month }) => MONTH_NAMES[month - 1]!,
  b: ({ month }) => MONTH_NAMES[month - 1]!.slice(0, 3),
  d: ({ day }) => zeros(day, 2),
  e: ({ day }) => String(day),
  j: parts => zeros(dayOfYear(parts), 3),
  W: ({ days }) => DAY_NAMES[dayOfWeek(days)]!,
  a: ({ days }) => DAY_NAMES[dayOfWeek(days)]!.slice(0, 3),
  w: ({ days }) => String(dayOfWeek(days)),
  H: ({ hour }) => zeros(hour, 2),
  k: ({ hour }) => String(hour),
  h: parts => zeros(hour12(parts), 2),
  I: parts => zeros(hour12(parts), 2),
  l: parts => String(hour12(parts)),
  i: ({ minute }) => zeros(minute, 2),
  s: ({ second }) => zeros(second, 2),
  S: ({ second }) => zeros(second, 2),
  f: ({ millisecond }) => `${zeros(millisecond, 3)}000`,
  p: halfDay,
  T: parts => `${zeros(parts.hour, 2)}:${clock(parts)}`,
  r: parts => `${zeros(hour12(parts), 2)}:${clock(parts)} ${halfDay(parts)}`
}
