import { arenaBytes } from './arena.ts'
import { BACKSLASH, LOWER_N, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii.ts'
import { Bad, bad } from './failure.ts'
import { misfit } from './read-number.ts'
import { REST, scanPlainString } from './scan.ts'
import { skipNull, skipString, skipValue } from './skip.ts'
import { decodeString, hasWholeSurrogates, utf8Text } from './string.ts'

/**
 * TEXT: stores the string at `pos` without its escapes, the raw JSON text of an object or array, or null. Allocates the
 * string: read a column as a range where it is only copied or compared with constants.
 */
export function readText(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: (string | null)[],
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes[pos] !== QUOTE) return readRawText(bytes, pos, end, out, slot)
  if (bytes === arenaBytes) {
    const after = scanPlainString(pos, end)
    if (after !== REST) {
      out[slot] = utf8Text(bytes, pos + 1, after - 1)
      return after
    }
  }
  for (let at = pos + 1; at < end; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      out[slot] = utf8Text(bytes, pos + 1, at)
      return at + 1
    }
    if (byte === BACKSLASH) return readEscapedText(bytes, pos, end, out, slot)
    if (byte < 0x20) return bad(Bad.malformed, at)
  }
  return bad(Bad.truncated, end)
}

function readEscapedText(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: (string | null)[],
  slot: number
): number {
  const after = skipString(bytes, pos, end)
  if (after < 0) return after
  const text = decodeString(bytes, pos, after)
  if (text === null) return bad(Bad.surrogate, pos)
  out[slot] = text
  return after
}

/** Of what is no string, TEXT takes objects and arrays (their raw text) and null; numbers and booleans are the wrong type. */
function readRawText(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: (string | null)[],
  slot: number
): number {
  const byte = bytes[pos]!
  if (byte === LOWER_N) {
    out[slot] = null
    return skipNull(bytes, pos, end)
  }
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return misfit(bytes, pos, end, Bad.wrongType)
  return readJson(bytes, pos, end, out, slot)
}

/**
 * TEXT: stores the range of the string with its quotes and escapes, or of the raw JSON text of an object or array; a start
 * of -1 for null. `RecordWriter.textRange` writes it, `textEquals` compares it, `textAt` makes a string of it.
 */
export function rangeText(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos]!
  if (byte !== QUOTE && byte !== OPEN_BRACE && byte !== OPEN_BRACKET) {
    if (byte !== LOWER_N) return misfit(bytes, pos, end, Bad.wrongType)
    range[slot] = -1
    return skipNull(bytes, pos, end)
  }
  if (bytes === arenaBytes && byte === QUOTE) {
    const after = scanPlainString(pos, end)
    if (after !== REST) {
      range[slot] = pos
      range[slot + 1] = after
      return after
    }
  }
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  if (byte === QUOTE && !hasWholeSurrogates(bytes, pos, after)) return bad(Bad.surrogate, pos)
  range[slot] = pos
  range[slot + 1] = after
  return after
}

/** JSON: stores the raw text of any value but null; null is SQL NULL. */
export function readJson(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: (string | null)[],
  slot: number
): number {
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  out[slot] = bytes[pos] === LOWER_N ? null : utf8Text(bytes, pos, after)
  return after
}

/** JSON: stores the range of any value but null; a start of -1 for null. */
export function rangeJson(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  range[slot] = bytes[pos] === LOWER_N ? -1 : pos
  range[slot + 1] = after
  return after
}

/** The text of a range that `rangeText` stored. */
export function textAt(bytes: Uint8Array, start: number, end: number): string | null {
  if (start < 0) return null
  return bytes[start] === QUOTE ? decodeString(bytes, start, end) : utf8Text(bytes, start, end)
}
