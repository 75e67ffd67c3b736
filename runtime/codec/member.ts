import { BACKSLASH, CLOSE_BRACE, COMMA, OPEN_BRACE, QUOTE, skipSpace } from './ascii.ts'
import { Bad, bad, END, failedAt } from './failure.ts'
import { arenaBytes, memory } from './arena.ts'
import { REST, scanMember, scanNextMember } from './scan.ts'
import { type KeyTable, keyHash, matchEscapedKey, matchKey } from './key-table.ts'
import { skipColon, skipEscape, skipValue } from './skip.ts'

/** Where `firstMember` and `nextMember` found the value of the column that they answer. The scanner's address 0. */
export const cursor = new Int32Array(memory.buffer, 0, 1)

/**
 * Enters the object in [start, end) and goes to the first member that is a column of `keys`. Answers the column's number,
 * with `cursor[0]` at its value; END; or a reason. A `start` of -1 is a null value.
 */
export function firstMember(keys: KeyTable, bytes: Uint8Array, start: number, end: number): number {
  if (bytes === arenaBytes && start >= 0) {
    const column = scanMember(keys.address, start, end)
    if (column !== REST) return column
  }
  if (start < 0) return bad(Bad.nullValue, 0)
  if (start === end) return bad(Bad.emptyValue, start)
  let pos = skipSpace(bytes, start, end)
  if (pos === end) return bad(Bad.truncated, pos)
  if (bytes[pos] !== OPEN_BRACE) return bad(notObject(bytes, pos, end), pos)
  pos = skipSpace(bytes, pos + 1, end)
  if (pos < end && bytes[pos] === CLOSE_BRACE) return closeRecord(bytes, pos, end)
  return findMember(keys, bytes, pos, end)
}

/** Goes on after a value that ends at `pos`; members that are no column are validated and skipped. */
export function nextMember(keys: KeyTable, bytes: Uint8Array, pos: number, end: number): number {
  if (bytes === arenaBytes) {
    const column = scanNextMember(keys.address, pos, end)
    if (column !== REST) return column
  }
  pos = skipSpace(bytes, pos, end)
  if (pos >= end) return bad(Bad.truncated, end)
  if (bytes[pos] === COMMA) return findMember(keys, bytes, skipSpace(bytes, pos + 1, end), end)
  if (bytes[pos] === CLOSE_BRACE) return closeRecord(bytes, pos, end)
  return bad(Bad.malformed, pos)
}

/** `pos` is where a key must begin. */
function findMember(keys: KeyTable, bytes: Uint8Array, pos: number, end: number): number {
  for (;;) {
    if (pos >= end) return bad(Bad.truncated, end)
    if (bytes[pos] !== QUOTE) return bad(Bad.malformed, pos)
    let after = pos + 1
    let escaped = false
    for (;;) {
      if (after >= end) return bad(Bad.truncated, end)
      const byte = bytes[after]!
      if (byte === QUOTE) break
      if (byte === BACKSLASH) {
        escaped = true
        after = skipEscape(bytes, after, end)
        if (after < 0) return after
      } else if (byte < 0x20) return bad(Bad.malformed, after)
      else after++
    }
    const value = skipColon(bytes, after + 1, end)
    if (value < 0) return value
    const column = escaped
      ? matchEscapedKey(keys, bytes, pos + 1, after)
      : matchKey(keys, bytes, pos + 1, after, keyHash(bytes, pos + 1, after))
    if (column >= 0) {
      cursor[0] = value
      return column
    }
    pos = skipValue(bytes, value, end)
    if (pos < 0) return pos
    pos = skipSpace(bytes, pos, end)
    if (pos >= end) return bad(Bad.truncated, end)
    if (bytes[pos] !== COMMA) {
      return bytes[pos] === CLOSE_BRACE ? closeRecord(bytes, pos, end) : bad(Bad.malformed, pos)
    }
    pos = skipSpace(bytes, pos + 1, end)
  }
}

/** `pos` is at the closing brace of the record. */
function closeRecord(bytes: Uint8Array, pos: number, end: number): number {
  const after = skipSpace(bytes, pos + 1, end)
  return after === end ? END : bad(Bad.trailing, after)
}

/** Cold: a top-level value that is valid JSON but no object has a better message than a syntax error. */
function notObject(bytes: Uint8Array, pos: number, end: number): number {
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  return skipSpace(bytes, after, end) === end ? Bad.notObject : Bad.trailing
}

/**
 * Called when column `column` can't take the value at `pos`: the last duplicate of a key wins, so the failure counts only
 * if no later member has the same key. Answers the position after the value, or `reason`. Cold.
 */
export function superseded(
  keys: KeyTable,
  column: number,
  bytes: Uint8Array,
  pos: number,
  end: number,
  reason: number
): number {
  const found = failedAt[0]!
  const after = skipValue(bytes, pos, end)
  if (after < 0) return after
  // A later one that is plain is stored, and not answered.
  const { ranges } = keys
  const place = keys.places[column]!
  if (ranges !== null && place >= 0) ranges[place] = -1
  let next = nextMember(keys, bytes, after, end)
  for (;;) {
    if (next === column) return after
    if (ranges !== null && place >= 0 && ranges[place] !== -1) return after
    if (next < 0) return next === END ? bad(reason, found) : next
    const skipped = skipValue(bytes, cursor[0]!, end)
    if (skipped < 0) return skipped
    next = nextMember(keys, bytes, skipped, end)
  }
}
