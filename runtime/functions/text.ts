import { failure } from '../sql/failure.ts'
import { trimEnd } from './trim.ts'

// TEXT is counted in code points, JavaScript's strings in UTF-16 units. The two differ only where a surrogate stands, so
// each function below first looks for one and takes the cheap way without.

const SURROGATE = /[\ud800-\udfff]/

/** Whether positions in the text are positions in the string. O(n), without allocating. */
export function isPlain(text: string): boolean {
  return !SURROGATE.test(text)
}

/** Code points. */
export function textLength(text: string): number {
  if (isPlain(text)) return text.length
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length) i++
    count++
  }
  return count
}

/** The code points from `start` (from 0) up to `end`, both clipped to the text. */
export function sliceText(text: string, start: number, end: number): string {
  if (end <= start) return ''
  return isPlain(text) ? text.slice(start, end) : Array.from(text).slice(start, end).join('')
}

/** substring(text, start): positions count from 1, and those before the text count as if they were there. */
export function substringFrom(text: string, start: number): string {
  return sliceText(text, Math.max(start - 1, 0), Infinity)
}

/** substring(text, start, count): `substring('abc', 0, 2)` is 'a', since position 0 is before the text. */
export function substring(text: string, start: number, count: number, site: number): string {
  if (count < 0) throw failure(site, 'negative-length', 'substring has a negative length')
  return sliceText(text, Math.max(start - 1, 0), Math.max(start - 1 + count, 0))
}

/** The first `count` characters; a negative count leaves out the last ones. */
export function leftText(text: string, count: number): string {
  return sliceText(text, 0, count >= 0 ? count : textLength(text) + count)
}

/** A text of at most `count` characters; only blanks may be too much. O(n). */
export function fitText(text: string, count: number, site: number): string {
  // No text has more characters than UTF-16 units.
  if (text.length <= count) return text
  const fitting = leftText(text, count)
  if (/[^ ]/.test(text.slice(fitting.length))) {
    throw failure(site, 'text-too-long', `the text has more than ${count} characters`)
  }
  return fitting
}

/** How many characters texts may have, below 0 without the blanks at their end; or those inside of an array, a map or a row. */
export type TextLimits =
  | number
  | null
  | { readonly elements: TextLimits }
  | { readonly values: TextLimits }
  | { readonly fields: readonly TextLimits[] }

/** A value with its texts cut off, or checked, as VARCHAR(n) and CHAR(n) inside of its type say. O(n). */
export function limitInside(
  value: unknown,
  limits: TextLimits,
  isCut: boolean,
  site: number
): unknown {
  if (value === null || limits === null) return value
  const limit = (part: unknown, inside: TextLimits): unknown =>
    limitInside(part, inside, isCut, site)
  if (typeof limits === 'number') {
    const count = Math.abs(limits)
    const text = isCut ? leftText(value as string, count) : fitText(value as string, count, site)
    return limits < 0 ? trimEnd(text, ' ') : text
  }
  if ('elements' in limits) {
    return (value as readonly unknown[]).map(item => limit(item, limits.elements))
  }
  if ('fields' in limits) {
    return (value as readonly unknown[]).map((field, i) => limit(field, limits.fields[i]!))
  }
  const entries = [...(value as ReadonlyMap<string, unknown>)]
  return new Map(entries.map(([key, item]) => [key, limit(item, limits.values)]))
}

/** The last `count` characters; a negative count leaves out the first ones. */
export function rightText(text: string, count: number): string {
  return sliceText(text, count >= 0 ? Math.max(textLength(text) - count, 0) : -count, Infinity)
}

export function reverseText(text: string): string {
  return Array.from(text).reverse().join('')
}

/** Every occurrence, left to right; an empty `from` changes nothing. */
export function replaceText(text: string, from: string, to: string): string {
  return from === '' ? text : text.replaceAll(from, () => to)
}

/** Where `part` first stands in `text`, counted from 1; 0 if nowhere. */
export function positionOf(text: string, part: string): number {
  const at = text.indexOf(part)
  return at < 0 ? 0 : textLength(text.slice(0, at)) + 1
}

/** The n-th field between delimiters; a negative n counts from the end; '' where there is none. */
export function splitPart(text: string, delimiter: string, n: number, site: number): string {
  if (n === 0) throw failure(site, 'zero-field', 'split_part counts fields from 1, not from 0')
  const parts = delimiter === '' ? [text] : text.split(delimiter)
  return parts[n > 0 ? n - 1 : parts.length + n] ?? ''
}

/** concat_ws: the arguments with the separator between them; NULLs are left out, a NULL separator gives NULL. */
export function concatWs(separator: string, ...parts: readonly (string | null)[]): string
export function concatWs(
  separator: string | null,
  ...parts: readonly (string | null)[]
): string | null
export function concatWs(
  separator: string | null,
  ...parts: readonly (string | null)[]
): string | null {
  return separator === null ? null : parts.filter(part => part !== null).join(separator)
}
