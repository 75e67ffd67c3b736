import { isAsciiLetterOrDigit } from './ascii.ts'
import type { ClassName } from './character-set.ts'
import { type Cursor, fail, take, takeMatch } from './cursor.ts'
import type { Place } from './node.ts'

/** What a backslash and what follows it stand for. */
export type Escape =
  | { readonly kind: 'Character'; readonly point: number }
  | { readonly kind: 'Class'; readonly name: ClassName; readonly negated: boolean }
  | { readonly kind: 'At'; readonly place: Place }

const characters: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  B: 0x5c,
  e: 0x1b,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11
}

const named: Readonly<Record<string, ClassName>> = { d: 'digit', s: 'space', w: 'word' }

const places: Readonly<Record<string, Place>> = {
  A: 'textStart',
  Z: 'textEnd',
  m: 'wordStart',
  M: 'wordEnd',
  y: 'wordBoundary',
  Y: 'noWordBoundary'
}

/** The cursor is behind the backslash. */
export function parseEscape(cursor: Cursor): Escape {
  const letter = take(cursor)
  if (letter === '') fail('it ends with a backslash')
  if (!isAsciiLetterOrDigit(letter)) return character(letter.codePointAt(0)!)
  const place = places[letter]
  if (place !== undefined) return { kind: 'At', place }
  const name = named[letter.toLowerCase()]
  if (name !== undefined) return { kind: 'Class', name, negated: letter !== letter.toLowerCase() }
  return character(characters[letter] ?? parseNumbered(letter, cursor))
}

function character(point: number): Escape {
  return { kind: 'Character', point }
}

/** Characters by number; `\cX` by its low five bits. */
function parseNumbered(letter: string, cursor: Cursor): number {
  switch (letter) {
    case 'c':
      return (take(cursor).codePointAt(0) ?? fail('\\c stands at its end')) & 0x1f
    case 'u':
      return hexadecimal(takeMatch(cursor, /[0-9a-fA-F]{4}/y))
    case 'U':
      return hexadecimal(takeMatch(cursor, /[0-9a-fA-F]{8}/y))
    case 'x':
      return hexadecimal(takeMatch(cursor, /[0-9a-fA-F]+/y))
    case '0':
      cursor.at--
      return Number.parseInt(takeMatch(cursor, /[0-3][0-7]{0,2}|[0-7]{1,2}/y), 8)
    default:
      return letter >= '1' && letter <= '9'
        ? parseOctal(cursor)
        : fail(`there is no escape \\${letter}`)
  }
}

function hexadecimal(digits: string): number {
  const point = Number.parseInt(digits, 16)
  return point <= 0x10ffff ? point : fail('an escape needs the hexadecimal digits of a character')
}

/** `\12` is a character where there are fewer groups; a reference back to a group is not supported. */
function parseOctal(cursor: Cursor): number {
  cursor.at--
  const digits = takeMatch(cursor, /\d+/y)
  if (digits.length === 1 || Number(digits) <= cursor.groups || !/^[0-7]/.test(digits)) {
    fail('references back to a group (\\1) are not supported')
  }
  cursor.at -= digits.length
  return Number.parseInt(takeMatch(cursor, /[0-3][0-7]{0,2}|[0-7]{1,2}/y), 8)
}
