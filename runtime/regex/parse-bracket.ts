import { type CharacterSet, type ClassName, isClassName, type Range } from './character-set.ts'
import { accept, atEnd, type Cursor, fail, peek, take } from './cursor.ts'
import { parseEscape } from './parse-escape.ts'

/** `[...]`; the cursor is behind the opening bracket. */
export function parseBracket(cursor: Cursor): CharacterSet {
  const { ignoreCase, newlineStops } = cursor.options
  const negated = accept(cursor, '^')
  const ranges: Range[] = []
  const classes: { readonly name: ClassName; readonly negated: boolean }[] = []
  // First of all, a closing bracket or a minus is an ordinary character.
  for (let first = true; first || peek(cursor) !== ']'; first = false) {
    const from = parseElement(cursor, first)
    if (typeof from === 'object') classes.push(from)
    else ranges.push([from, isRange(cursor) ? parseRangeEnd(from, cursor) : from])
  }
  take(cursor)
  if (negated && newlineStops) ranges.push([0x0a, 0x0a])
  return { ranges, classes, negated, ignoreCase }
}

type Element = number | { readonly name: ClassName; readonly negated: boolean }

function parseElement(cursor: Cursor, first: boolean): Element {
  if (atEnd(cursor)) fail('brackets [] are not balanced')
  if (peek(cursor) === '-' && !first && !isLast(cursor)) fail('a range in brackets has no start')
  if (accept(cursor, '[:')) {
    const name = takeNamed(cursor, ':')
    return isClassName(name) && name !== 'word'
      ? { name, negated: false }
      : fail(`there is no character class [:${name}:]`)
  }
  return parseCharacter(cursor)
}

function parseCharacter(cursor: Cursor): Element {
  for (const kind of ['.', '='] as const) {
    if (accept(cursor, `[${kind}`)) return collatingElement(takeNamed(cursor, kind))
  }
  const character = take(cursor)
  if (character !== '\\') return character.codePointAt(0) ?? fail('brackets [] are not balanced')
  const escape = parseEscape(cursor)
  if (escape.kind === 'Character') return escape.point
  return escape.kind === 'Class' ? escape : fail("a place in the text can't stand in brackets")
}

/** In every locale of ours a collating element is a character, and equivalent to itself only. */
function collatingElement(name: string): number {
  return [...name].length === 1 ? name.codePointAt(0)! : fail(`"${name}" is no collating element`)
}

function isRange(cursor: Cursor): boolean {
  return peek(cursor) === '-' && !isLast(cursor)
}

/** Whether the character here stands before the closing bracket. */
function isLast({ text, at }: Cursor): boolean {
  return text[at + 1] === ']'
}

function parseRangeEnd(from: number, cursor: Cursor): number {
  take(cursor)
  const to = cursor.text.startsWith('[:', cursor.at) ? null : parseCharacter(cursor)
  if (typeof to !== 'number') fail('a range in brackets ends with a class')
  return to >= from ? to : fail('a range in brackets goes backwards')
}

/** `name` of `[:name:]`, up to behind the closing bracket. */
function takeNamed(cursor: Cursor, kind: string): string {
  const end = cursor.text.indexOf(`${kind}]`, cursor.at)
  if (end < 0) fail('brackets [] are not balanced')
  const name = cursor.text.slice(cursor.at, end)
  cursor.at = end + 2
  return name
}
