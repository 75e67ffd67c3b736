import { failure } from '../sql/failure.ts'

/**
 * A LIKE pattern, compiled. Between two `%` stands a part, which is sought from left to right without ever going back:
 * the leftmost match of each part leaves the most room for the rest. O(text * longest part) at worst.
 */
export interface LikePattern {
  readonly parts: readonly Part[]
  readonly fold: boolean
}

/** Code points to match one by one; null is `_`. `text` is the same as one string where no `_` is in it. */
interface Part {
  readonly points: readonly (string | null)[]
  readonly text: string | null
}

/** Compiles a pattern; `escape` is one character, or '' for none. `fold` is ILIKE. */
export function compileLike(
  pattern: string,
  escape: string,
  fold: boolean,
  site: number
): LikePattern {
  const parts: Part[] = []
  let points: (string | null)[] = []
  const characters = Array.from(pattern)
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escape) {
      if (++i === characters.length) {
        throw failure(site, 'like-escape-at-end', 'the LIKE pattern ends with its escape character')
      }
      points.push(folded(characters[i]!, fold))
    } else if (character === '%') {
      parts.push(makePart(points))
      points = []
    } else points.push(character === '_' ? null : folded(character, fold))
  }
  parts.push(makePart(points))
  return { parts, fold }
}

/** Whether the whole text matches. */
export function matchesLike(text: string, pattern: LikePattern): boolean {
  const { parts } = pattern
  const subject = pattern.fold ? text.toLowerCase() : text
  const first = parts[0]!
  let at = matchPart(subject, 0, first)
  if (at < 0) return false
  if (parts.length === 1) return at === subject.length
  for (let i = 1; i < parts.length - 1; i++) {
    at = findPart(subject, at, parts[i]!)
    if (at < 0) return false
  }
  return endsWithPart(subject, at, parts[parts.length - 1]!)
}

/** LIKE with a pattern that differs from row to row. */
export function like(text: string, pattern: string, escape: string, site: number): boolean {
  return matchesLike(text, compileLike(pattern, escape, false, site))
}

/** ILIKE with a pattern that differs from row to row. */
export function ilike(text: string, pattern: string, escape: string, site: number): boolean {
  return matchesLike(text, compileLike(pattern, escape, true, site))
}

function makePart(points: readonly (string | null)[]): Part {
  return { points, text: points.includes(null) ? null : points.join('') }
}

function folded(character: string, fold: boolean): string {
  return fold ? character.toLowerCase() : character
}

/** Where the part ends that begins at `at`; -1 if it does not stand there. */
function matchPart(text: string, at: number, part: Part): number {
  if (part.text !== null) return text.startsWith(part.text, at) ? at + part.text.length : -1
  for (const point of part.points) {
    if (at >= text.length) return -1
    if (point === null) at += text.codePointAt(at)! > 0xffff ? 2 : 1
    else if (text.startsWith(point, at)) at += point.length
    else return -1
  }
  return at
}

/** Where the leftmost occurrence from `from` on ends; -1 if there is none. */
function findPart(text: string, from: number, part: Part): number {
  if (part.text !== null) {
    const at = text.indexOf(part.text, from)
    return at < 0 ? -1 : at + part.text.length
  }
  for (
    let at = from;
    at <= text.length;
    at += at < text.length && text.codePointAt(at)! > 0xffff ? 2 : 1
  ) {
    const end = matchPart(text, at, part)
    if (end >= 0) return end
  }
  return -1
}

/** Whether the part stands at the very end of the text, not before `from`. */
function endsWithPart(text: string, from: number, part: Part): boolean {
  if (part.text !== null) return text.length - part.text.length >= from && text.endsWith(part.text)
  let at = text.length
  for (let i = part.points.length - 1; i >= 0; i--) {
    const point = part.points[i]!
    if (at <= from) return false
    if (point === null) at -= at > 1 && text.codePointAt(at - 2)! > 0xffff ? 2 : 1
    else if (text.endsWith(point, at)) at -= point.length
    else return false
  }
  return at >= from
}
