import { failure } from '../sql/failure.ts'
import { checkTextLength } from './pad.ts'
import { checkInt } from './small-integer.ts'
import { sliceText, textLength } from './text.ts'

/** Each word's first letter in upper case, the others in lower case; a word is letters and digits. */
export function initcap(text: string): string {
  return text.replace(/[\p{Alphabetic}\p{Nd}]+/gu, word => {
    const [first, ...rest] = word
    return first!.toUpperCase() + rest.join('').toLowerCase()
  })
}

/** A negative count gives the empty text. */
export function repeatText(text: string, count: number, site: number): string {
  if (count <= 0 || text === '') return ''
  checkTextLength(text.length * count, site)
  return text.repeat(count)
}

/** Each character that is in `from` becomes the one at the same place in `to`, or goes where `to` is shorter. */
export function translate(text: string, from: string, to: string): string {
  const replacements = Array.from(to)
  const places = new Map<string, number>()
  for (const [i, character] of Array.from(from).entries()) {
    if (!places.has(character)) places.set(character, i)
  }
  let result = ''
  for (const character of text) {
    const place = places.get(character)
    result += place === undefined ? character : (replacements[place] ?? '')
  }
  return result
}

/** Puts `part` in place of the characters from `start` (from 1) on, as many as it has. */
export function overlay(text: string, part: string, start: number, site: number): string {
  return overlayCount(text, part, start, textLength(part), site)
}

/** Puts `part` in place of `count` characters from `start` (from 1) on. */
export function overlayCount(
  text: string,
  part: string,
  start: number,
  count: number,
  site: number
): string {
  if (start <= 0) throw failure(site, 'negative-length', 'overlay starts before the text')
  checkInt(start + count, site)
  const before = sliceText(text, 0, start - 1)
  return before + part + sliceText(text, Math.max(start + count - 1, 0), Infinity)
}

/** overlay of bytes: as many as `part` has. */
export function overlayBytes(
  bytes: Uint8Array,
  part: Uint8Array,
  start: number,
  site: number
): Uint8Array {
  return overlayByteCount(bytes, part, start, part.length, site)
}

/** Puts `part` in place of `count` bytes from `start` (from 1) on. */
export function overlayByteCount(
  bytes: Uint8Array,
  part: Uint8Array,
  start: number,
  count: number,
  site: number
): Uint8Array {
  if (start <= 0) throw failure(site, 'negative-length', 'overlay starts before the bytes')
  checkInt(start + count, site)
  const before = bytes.subarray(0, start - 1)
  const behind = bytes.subarray(Math.max(start + count - 1, 0))
  return new Uint8Array(Buffer.concat([before, part, behind]))
}

/** The code point of the first character; 0 if there is none. */
export function asciiCode(text: string): number {
  return text.codePointAt(0) ?? 0
}

/** The character of a code point. */
export function chr(point: number, site: number): string {
  const exists = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
  if (!exists) throw failure(site, 'invalid-character', 'there is no character of this number')
  return String.fromCodePoint(point)
}

/** Bytes of the text in UTF-8. */
export function octetLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** The field of an index that counts from 0; NULL where there is none, as in Flink. */
export function splitIndex(text: string, delimiter: string, index: number): string | null {
  if (text === '' || index < 0) return null
  const fields = delimiter === '' ? [text] : text.split(delimiter)
  return fields[index] ?? null
}
