import { anyCharacter, singleCharacter, wholeClass } from './character-set.ts'
import { accept, atEnd, type Cursor, fail, makeCursor, peek, take, takeMatch } from './cursor.ts'
import { EMPTY, type Preference, type RegexNode, type RegexOptions } from './node.ts'
import { parseOptions } from './options.ts'
import { parseBracket } from './parse-bracket.ts'
import { parseEscape } from './parse-escape.ts'

export interface ParsedRegex {
  readonly root: RegexNode
  /** How many groups capture. */
  readonly groups: number
}

const MAX_DEPTH = 250
/** As in PostgreSQL. */
const MAX_REPEAT = 255

/** A pattern in PostgreSQL's advanced syntax to a tree. Throws a RegexError. */
export function parseRegex(pattern: string, options: RegexOptions): ParsedRegex {
  const cursor = makeCursor(pattern, options)
  if (options.literal || accept(cursor, '***=')) return { root: parseLiteral(cursor), groups: 0 }
  if (!accept(cursor, '***:') && pattern.startsWith('***')) fail('*** begins no known form')
  if (/^\(\?[a-z]/i.test(cursor.text.slice(cursor.at))) takeEmbeddedOptions(cursor)
  if (cursor.options.literal) return { root: parseLiteral(cursor), groups: 0 }
  const root = parseChoice(cursor)
  if (!atEnd(cursor)) fail('parentheses () are not balanced')
  return { root, groups: cursor.groups }
}

function parseLiteral(cursor: Cursor): RegexNode {
  const rest = [...cursor.text.slice(cursor.at)]
  return { kind: 'Sequence', items: rest.map(letter => character(letter.codePointAt(0)!, cursor)) }
}

/** `(?i)` and the like, at the very beginning. */
function takeEmbeddedOptions(cursor: Cursor): void {
  const letters = takeMatch(cursor, /\(\?[a-z]+\)/iy).slice(2, -1)
  if (letters === '') fail('the flags at its beginning do not end')
  cursor.options = parseOptions(letters, cursor.options)
}

function parseChoice(cursor: Cursor): RegexNode {
  if (++cursor.depth > MAX_DEPTH) fail('it is nested too deep')
  const branches: RegexNode[] = []
  do branches.push(parseBranch(cursor))
  while (accept(cursor, '|'))
  cursor.depth--
  return branches.length === 1 ? branches[0]! : { kind: 'Choice', branches }
}

function parseBranch(cursor: Cursor): RegexNode {
  const items: RegexNode[] = []
  for (;;) {
    skipIgnored(cursor)
    if (atEnd(cursor) || peek(cursor) === '|' || peek(cursor) === ')') break
    const item = parseAtom(cursor)
    skipIgnored(cursor)
    // A place can't be repeated: the quantifier then stands where an atom should, and is refused there.
    const isPlace = item.kind === 'At' || item.kind === 'Look'
    items.push(isPlace ? item : parseQuantifier(item, cursor))
  }
  return items.length === 1 ? items[0]! : { kind: 'Sequence', items }
}

/** Comments, and in expanded syntax white space. */
function skipIgnored(cursor: Cursor): void {
  const ignored = cursor.options.expanded ? /(?:\(\?#[^)]*\)?|\s|#[^\n]*)+/y : /(?:\(\?#[^)]*\)?)+/y
  takeMatch(cursor, ignored)
}

function parseAtom(cursor: Cursor): RegexNode {
  const { newlineStops, newlineAnchors } = cursor.options
  const first = take(cursor)
  switch (first) {
    case '(':
      return parseParentheses(cursor)
    case '[':
      return parseBrackets(cursor)
    case '.':
      return { kind: 'Characters', set: anyCharacter(newlineStops) }
    case '^':
      return { kind: 'At', place: newlineAnchors ? 'lineStart' : 'textStart' }
    case '$':
      return { kind: 'At', place: newlineAnchors ? 'lineEnd' : 'textEnd' }
    case '\\':
      return parseEscaped(cursor)
    case '*':
    case '+':
    case '?':
      return fail('there is nothing that a quantifier could repeat')
    default:
      // Before a digit it is a count, else it is itself.
      if (first === '{' && /\d/.test(peek(cursor))) {
        return fail('there is nothing that a quantifier could repeat')
      }
      return character(first.codePointAt(0)!, cursor)
  }
}

function parseBrackets(cursor: Cursor): RegexNode {
  if (accept(cursor, '[:<:]]')) return { kind: 'At', place: 'wordStart' }
  if (accept(cursor, '[:>:]]')) return { kind: 'At', place: 'wordEnd' }
  return { kind: 'Characters', set: parseBracket(cursor) }
}

function character(point: number, { options }: Cursor): RegexNode {
  return { kind: 'Characters', set: singleCharacter(point, options.ignoreCase) }
}

function parseEscaped(cursor: Cursor): RegexNode {
  const escape = parseEscape(cursor)
  switch (escape.kind) {
    case 'Character':
      return character(escape.point, cursor)
    case 'Class':
      return { kind: 'Characters', set: wholeClass(escape.name, escape.negated) }
    case 'At':
      return escape
  }
}

function parseParentheses(cursor: Cursor): RegexNode {
  if (accept(cursor, '?:')) return parseGrouped(cursor)
  for (const behind of [false, true]) {
    for (const negated of [false, true]) {
      if (accept(cursor, `?${behind ? '<' : ''}${negated ? '!' : '='}`)) {
        cursor.looks++
        const item = closed(parseChoice(cursor), cursor)
        cursor.looks--
        return { kind: 'Look', item, behind, negated }
      }
    }
  }
  if (peek(cursor) === '?') fail('"(?" begins no known form')
  if (cursor.looks > 0) return parseGrouped(cursor)
  const index = ++cursor.groups
  return { kind: 'Group', item: closed(parseChoice(cursor), cursor), index }
}

/** A sequence of one: in parentheses a place can be repeated. */
function parseGrouped(cursor: Cursor): RegexNode {
  return { kind: 'Sequence', items: [closed(parseChoice(cursor), cursor)] }
}

function closed(node: RegexNode, cursor: Cursor): RegexNode {
  return accept(cursor, ')') ? node : fail('parentheses () are not balanced')
}

function parseQuantifier(item: RegexNode, cursor: Cursor): RegexNode {
  const counts = takeCounts(cursor)
  if (counts === null) return item
  const { min, max, fixed } = counts
  const lazy = accept(cursor, '?')
  if (max === 0) return EMPTY
  const prefer: Preference = fixed ? null : lazy ? 'shortest' : 'longest'
  return { kind: 'Repeat', item, min, max, prefer }
}

interface Counts {
  readonly min: number
  readonly max: number
  /** `{m}`, which has no preference of its own. */
  readonly fixed: boolean
}

function takeCounts(cursor: Cursor): Counts | null {
  if (accept(cursor, '*')) return { min: 0, max: Infinity, fixed: false }
  if (accept(cursor, '+')) return { min: 1, max: Infinity, fixed: false }
  if (accept(cursor, '?')) return { min: 0, max: 1, fixed: false }
  if (!/^\{\d/.test(cursor.text.slice(cursor.at, cursor.at + 2))) return null
  const bounds = /^\{(\d+)(?:(,)(\d*))?\}$/.exec(takeMatch(cursor, /\{\d+(?:,\d*)?\}/y))
  if (bounds === null) return fail('a repetition count is not of the form {m}, {m,} or {m,n}')
  const min = Number(bounds[1])
  const fixed = bounds[2] === undefined
  const max = fixed ? min : bounds[3] === '' ? Infinity : Number(bounds[3])
  if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity) || min > max) {
    return fail(`a repetition count is not between 0 and ${MAX_REPEAT}, the lower first`)
  }
  return { min, max, fixed }
}
