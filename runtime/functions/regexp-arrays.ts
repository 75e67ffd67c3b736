import { findRegex, type Regex } from '../regex/index.ts'
import { heldBy } from './regexp.ts'

/** What the groups of the first match hold, or the whole match of a pattern without groups; NULL if there is none. */
export function regexpMatch(text: string, regex: Regex): readonly (string | null)[] | null {
  const match = findRegex(regex, text, 0, regex.groups > 0)
  if (match === null) return null
  if (regex.groups === 0) return [heldBy(match, 0, text)]
  return Array.from({ length: regex.groups }, (_, i) => heldBy(match, i + 1, text))
}

/**
 * The parts between matches. As in PostgreSQL a match without text does not count at the ends of the text or just behind another
 * match.
 */
export function regexpSplit(text: string, regex: Regex): readonly string[] {
  const parts: string[] = []
  let part = 0
  let last = 0
  for (let at = 0; at <= text.length;) {
    const match = findRegex(regex, text, at, false)
    if (match === null) break
    const [start, end] = [match[0]!, match[1]!]
    if (start < text.length && end > last) {
      parts.push(text.slice(part, start))
      part = end
    }
    last = end
    at = start === end ? end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1) : end
  }
  parts.push(text.slice(part))
  return parts
}
