import {
  BACKSLASH,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DOT,
  isDigit,
  isExponent,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  LOWER_U,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  PLUS,
  QUOTE,
  skipSpace,
  ZERO
} from './ascii.ts'
import { arenaBytes } from './arena.ts'
import { REST, scanValue } from './scan.ts'
import { Bad, bad } from './failure.ts'

/** Objects and arrays inside one another, the record itself counted: deeper is a bad record. */
export const MAX_DEPTH = 512

const open = new Uint8Array(MAX_DEPTH)

/** Validates the JSON value at `pos` and answers the position after it, or a reason. About 1 ns per byte. */
export function skipValue(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes === arenaBytes) {
    const after = scanValue(pos, end)
    if (after !== REST) return after
  }
  const byte = bytes[pos]!
  if (byte === QUOTE) return skipString(bytes, pos, end)
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return skipContainer(bytes, pos, end)
  return skipScalar(bytes, pos, end)
}

/** Validates a number, true, false or null. */
export function skipScalar(bytes: Uint8Array, pos: number, end: number): number {
  const byte = bytes[pos]!
  if (byte === MINUS || isDigit(byte)) return skipNumber(bytes, pos, end)
  if (byte === LOWER_T) return skipTrue(bytes, pos, end)
  if (byte === LOWER_F) return skipFalse(bytes, pos, end)
  return skipNull(bytes, pos, end)
}

/** Validates the string whose opening quote is at `pos`. Escapes are checked for form only: "\ud800" passes. */
export function skipString(bytes: Uint8Array, pos: number, end: number): number {
  for (pos++; pos < end; pos++) {
    const byte = bytes[pos]!
    if (byte === QUOTE) return pos + 1
    if (byte === BACKSLASH) {
      pos = skipEscape(bytes, pos, end) - 1
      if (pos < 0) return pos + 1
    } else if (byte < 0x20) return bad(Bad.malformed, pos)
  }
  return bad(Bad.truncated, end)
}

/** Validates the escape whose backslash is at `pos`. */
export function skipEscape(bytes: Uint8Array, pos: number, end: number): number {
  if (pos + 1 >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos + 1]!
  if (byte === LOWER_U) {
    if (pos + 6 > end) return bad(Bad.truncated, end)
    for (let i = pos + 2; i < pos + 6; i++)
      if (hexDigit(bytes[i]!) < 0) return bad(Bad.malformed, i)
    return pos + 6
  }
  return isSimpleEscape(byte) ? pos + 2 : bad(Bad.malformed, pos + 1)
}

function isSimpleEscape(byte: number): boolean {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true
    default:
      return false
  }
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - ZERO
  const letter = (byte | 0x20) - 0x61
  return letter >= 0 && letter < 6 ? letter + 10 : -1
}

/** Validates the number at `pos`, by RFC 8259's grammar: no plus sign, no leading zero, digits on both sides of the dot. */
export function skipNumber(bytes: Uint8Array, pos: number, end: number): number {
  if (bytes[pos] === MINUS) pos++
  if (pos < end && bytes[pos] === ZERO) pos++
  else {
    pos = skipDigits(bytes, pos, end)
    if (pos < 0) return pos
  }
  if (pos < end && bytes[pos] === DOT) {
    pos = skipDigits(bytes, pos + 1, end)
    if (pos < 0) return pos
  }
  if (pos < end && isExponent(bytes[pos]!)) {
    pos++
    if (pos < end && (bytes[pos] === MINUS || bytes[pos] === PLUS)) pos++
    pos = skipDigits(bytes, pos, end)
  }
  return pos
}

/** At least one digit. */
function skipDigits(bytes: Uint8Array, pos: number, end: number): number {
  const first = pos
  while (pos < end && isDigit(bytes[pos]!)) pos++
  if (pos > first) return pos
  return bad(pos < end ? Bad.malformed : Bad.truncated, pos)
}

/** Validates the word null at `pos`; anything else is malformed. */
export function skipNull(bytes: Uint8Array, pos: number, end: number): number {
  if (
    pos + 4 <= end &&
    bytes[pos] === LOWER_N &&
    bytes[pos + 1] === 0x75 &&
    bytes[pos + 2] === 0x6c &&
    bytes[pos + 3] === 0x6c
  )
    return pos + 4
  return badWord(bytes, pos, end, 'null')
}

/** Validates the word true at `pos`. */
export function skipTrue(bytes: Uint8Array, pos: number, end: number): number {
  if (
    pos + 4 <= end &&
    bytes[pos] === LOWER_T &&
    bytes[pos + 1] === 0x72 &&
    bytes[pos + 2] === 0x75 &&
    bytes[pos + 3] === 0x65
  )
    return pos + 4
  return badWord(bytes, pos, end, 'true')
}

/** Validates the word false at `pos`. */
export function skipFalse(bytes: Uint8Array, pos: number, end: number): number {
  if (
    pos + 5 <= end &&
    bytes[pos] === LOWER_F &&
    bytes[pos + 1] === 0x61 &&
    bytes[pos + 2] === 0x6c &&
    bytes[pos + 3] === 0x73 &&
    bytes[pos + 4] === 0x65
  )
    return pos + 5
  return badWord(bytes, pos, end, 'false')
}

function badWord(bytes: Uint8Array, pos: number, end: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (pos + i >= end) return bad(Bad.truncated, end)
    if (bytes[pos + i] !== word.charCodeAt(i)) return bad(Bad.malformed, pos + i)
  }
  return bad(Bad.malformed, pos)
}

/** Validates the object or array at `pos`. Iterative, so that depth costs no stack. */
function skipContainer(bytes: Uint8Array, pos: number, end: number): number {
  // The record's own object is level 1, so the first container here is level 2.
  let depth = 1
  for (;;) {
    // Here `pos` is at a value.
    if (pos >= end) return bad(Bad.truncated, end)
    const byte = bytes[pos]!
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return bad(Bad.depth, pos)
      open[depth++] = byte
      pos = skipSpace(bytes, pos + 1, end)
      // A closing bracket is two above its opening one.
      if (pos >= end || bytes[pos] !== byte + 2) {
        if (byte === OPEN_BRACE) pos = skipKey(bytes, pos, end)
        if (pos < 0) return pos
        continue
      }
    } else {
      pos = byte === QUOTE ? skipString(bytes, pos, end) : skipScalar(bytes, pos, end)
      if (pos < 0) return pos
      pos = skipSpace(bytes, pos, end)
    }
    // Here `pos` is after a value or at the closing bracket of an empty container.
    for (;;) {
      if (pos >= end) return bad(Bad.truncated, end)
      const next = bytes[pos]!
      const container = open[depth - 1]!
      if (next === COMMA) {
        pos = skipSpace(bytes, pos + 1, end)
        if (container === OPEN_BRACE) pos = skipKey(bytes, pos, end)
        if (pos < 0) return pos
        break
      }
      if (next !== container + 2) return bad(Bad.malformed, pos)
      if (--depth === 1) return pos + 1
      pos = skipSpace(bytes, pos + 1, end)
    }
  }
}

/** Validates a key and its colon; answers the position of the value. */
export function skipKey(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes[pos] !== QUOTE) return bad(Bad.malformed, pos)
  const after = skipString(bytes, pos, end)
  return after < 0 ? after : skipColon(bytes, after, end)
}

/** Validates a colon and the space around it; answers the position of the value. */
export function skipColon(bytes: Uint8Array, pos: number, end: number): number {
  if (pos >= end || bytes[pos] !== COLON) {
    pos = skipSpace(bytes, pos, end)
    if (pos >= end) return bad(Bad.truncated, end)
    if (bytes[pos] !== COLON) return bad(Bad.malformed, pos)
  }
  return skipSpace(bytes, pos + 1, end)
}

/** Whether the bytes are one JSON text, of any type, with nothing but white space around it. UTF-8 is not checked. */
export function validateJson(bytes: Uint8Array, start: number, end: number): boolean {
  const after = skipValue(bytes, skipSpace(bytes, start, end), end)
  return after >= 0 && skipSpace(bytes, after, end) === end
}

/**
 * Where the element at a place begins, in the valid JSON in [start, end); below 0: there is none, or it is no array. Places count
 * from 0, or back from the end: -1 is the last one. O(bytes before it), twice for those.
 */
export function elementStart(bytes: Uint8Array, start: number, end: number, index: number): number {
  if (bytes[start] !== OPEN_BRACKET) return -1
  const first = skipSpace(bytes, start + 1, end)
  if (bytes[first] === CLOSE_BRACKET) return -1
  const place = index < 0 ? countElements(bytes, first, end) + index : index
  if (place < 0) return -1
  let pos = first
  for (let i = 0; i < place; i++) {
    pos = nextElement(bytes, pos, end)
    if (pos < 0) return -1
  }
  return pos
}

function countElements(bytes: Uint8Array, first: number, end: number): number {
  let count = 0
  for (let pos = first; pos >= 0; pos = nextElement(bytes, pos, end)) count++
  return count
}

/** Where the element behind the one at `pos` begins; -1: it is the last. */
function nextElement(bytes: Uint8Array, pos: number, end: number): number {
  const after = skipSpace(bytes, skipValue(bytes, pos, end), end)
  return bytes[after] === COMMA ? skipSpace(bytes, after + 1, end) : -1
}
