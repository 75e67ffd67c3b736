import { findRegex, type Regex, testRegex } from '../regex/index.ts'
import { failure } from '../sql/failure.ts'
import { sliceText, textLength } from './text.ts'

// PostgreSQL's regular expressions. Whether a text matches takes one pass; a match with groups looks at its text again for
// each group. Positions count characters, from 1.

/** Whether the pattern matches anywhere in the text. */
export function matchesRegex(text: string, regex: Regex): boolean {
  return testRegex(regex, text)
}

/** The n-th match from a unit on, each behind the one before; null if there are fewer. */
function nthMatch(
  regex: Regex,
  text: string,
  from: number,
  n: number,
  groups: boolean
): Int32Array | null {
  let at = from
  for (let i = 1; at <= text.length; i++) {
    const match = findRegex(regex, text, at, groups && i === n)
    if (match === null || i === n) return match
    at = behind(match, text)
  }
  return null
}

/** Where the search goes on: a match without text is passed by one character. */
function behind(match: Int32Array, text: string): number {
  const end = match[1]!
  if (match[0] !== end) return end
  return end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1)
}

/** The unit of the text where the character of a position begins; past the end of a shorter text. */
function unitAt(text: string, position: number, name: string, site: number): number {
  if (position <= 0) throw invalid(site, `the start of ${name} is not above zero`)
  const before = sliceText(text, 0, position - 1)
  return position - 1 > textLength(text) ? text.length + 1 : before.length
}

/** How many times the pattern matches, from a character on. */
export function regexpCount(text: string, regex: Regex, start: number, site: number): number {
  let count = 0
  for (let at = unitAt(text, start, 'regexp_count', site); at <= text.length; count++) {
    const match = findRegex(regex, text, at, false)
    if (match === null) break
    at = behind(match, text)
  }
  return count
}

/** What the n-th match, or one of its groups, holds; NULL if there is none. */
export function regexpSubstr(
  text: string,
  regex: Regex,
  start: number,
  n: number,
  group: number,
  site: number
): string | null {
  const from = unitAt(text, start, 'regexp_substr', site)
  checkAbove(n, 1, 'n', 'regexp_substr', site)
  checkAbove(group, 0, 'group', 'regexp_substr', site)
  const match = nthMatch(regex, text, from, n, group > 0)
  return match === null ? null : heldBy(match, group, text)
}

/** Where the n-th match, or one of its groups, begins, or with `end` 1 ends; 0 if there is none. */
export function regexpInstr(
  text: string,
  regex: Regex,
  start: number,
  n: number,
  end: number,
  group: number,
  site: number
): number {
  const from = unitAt(text, start, 'regexp_instr', site)
  checkAbove(n, 1, 'n', 'regexp_instr', site)
  checkAbove(group, 0, 'group', 'regexp_instr', site)
  if (end !== 0 && end !== 1) throw invalid(site, 'the end option of regexp_instr is 0 or 1')
  const match = nthMatch(regex, text, from, n, group > 0)
  const unit = match?.[group * 2 + end] ?? -1
  return unit < 0 ? 0 : textLength(text.slice(0, unit)) + 1
}

/** What the first match, or one of its groups, holds; NULL if there is none. */
export function regexpExtract(text: string, regex: Regex, group: number): string | null {
  if (group < 0 || group > regex.groups) return null
  const match = findRegex(regex, text, 0, group > 0)
  return match === null ? null : heldBy(match, group, text)
}

/** substring(text FROM pattern): the first group where the pattern has one, else the whole match. */
export function substringByRegex(text: string, regex: Regex): string | null {
  return regexpExtract(text, regex, regex.groups > 0 ? 1 : 0)
}

/** What a group of a match holds, 0 being the whole; NULL where it took no part. */
export function heldBy(match: Int32Array, group: number, text: string): string | null {
  const start = match[group * 2] ?? -1
  return start < 0 ? null : text.slice(start, match[group * 2 + 1])
}

/** Replaces the n-th match from a character on, or with n = 0 all of them. `\1` to `\9` are groups, `\&` is the whole match. */
export function regexpReplace(
  text: string,
  regex: Regex,
  replacement: string,
  start: number,
  n: number,
  site: number
): string {
  checkAbove(n, 0, 'n', 'regexp_replace', site)
  const parts = replacement.includes('\\') ? splitReplacement(replacement) : [replacement]
  const groups = parts.some(part => typeof part === 'number' && part > 0)
  let result = ''
  let done = 0
  let at = unitAt(text, start, 'regexp_replace', site)
  for (let i = 1; at <= text.length; i++) {
    const match = findRegex(regex, text, at, groups)
    if (match === null) break
    if (n === 0 || i === n) {
      result += text.slice(done, match[0]) + fill(parts, match, text)
      done = match[1]!
    }
    if (i === n) break
    at = behind(match, text)
  }
  return result + text.slice(done)
}

/** Texts, and numbers of groups. */
function splitReplacement(replacement: string): (string | number)[] {
  return replacement.split(/(\\[1-9&\\])/).map(part => {
    if (!/^\\[1-9&\\]$/.test(part)) return part
    return part === '\\\\' ? '\\' : part === '\\&' ? 0 : Number(part[1])
  })
}

function fill(parts: readonly (string | number)[], match: Int32Array, text: string): string {
  return parts
    .map(part => (typeof part === 'string' ? part : (heldBy(match, part, text) ?? '')))
    .join('')
}

function checkAbove(value: number, least: number, what: string, name: string, site: number): void {
  if (value < least) throw invalid(site, `${what} of ${name} is less than ${least}`)
}

function invalid(site: number, message: string): unknown {
  return failure(site, 'invalid-position', message)
}
