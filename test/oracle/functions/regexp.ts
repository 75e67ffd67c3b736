import { Failure } from '../failure.ts'
import { findMatch, type Match } from '../regex.ts'
import { parsePattern, type Pattern } from '../regex-syntax.ts'
import type { Value } from '../value.ts'
import type { FunctionTwin, Twins } from './entry.ts'

/** An argument that a call may leave out. */
type Optional = bigint | string | undefined

const letters = (text: string): string[] => [...text]

/** Every match from a letter on, each behind the one before; an empty one is passed by a letter. */
function allMatches(pattern: Pattern, text: string, from: number): Match[] {
  const all = letters(text)
  const found: Match[] = []
  for (let at = from; at <= all.length;) {
    const match = findMatch(pattern, all, at)
    if (match === null) break
    found.push(match)
    at = match.end > match.start ? match.end : match.end + 1
  }
  return found
}

function held(text: string, span: readonly [number, number] | null | undefined): string | null {
  return span === null || span === undefined
    ? null
    : letters(text)
        .slice(...span)
        .join('')
}

/** Group 0 is the whole match. */
function spanOf(match: Match | undefined, group: bigint): readonly [number, number] | null {
  if (match === undefined) return null
  return group === 0n ? [match.start, match.end] : (match.groups[Number(group) - 1] ?? null)
}

function atLeast(value: bigint, least: bigint): bigint {
  if (value < least) throw new Failure('invalid-position', String(value))
  return value
}

function operator(flags: string): FunctionTwin {
  return {
    evaluate: ([text, pattern]: readonly [string, string]) =>
      findMatch(parsePattern(pattern, flags), letters(text), 0) !== null
  }
}

function replace([text, pattern, replacement, ...rest]: readonly [
  string,
  string,
  string,
  ...Optional[]
]) {
  const flags = String(rest.find(each => typeof each === 'string') ?? '')
  const [start = 1n, given] = rest.filter(each => typeof each === 'bigint')
  const parsed = parsePattern(pattern, flags.replaceAll('g', ''))
  const n = atLeast(given ?? (flags.includes('g') ? 0n : 1n), 0n)
  const matches = allMatches(parsed, text, Number(atLeast(start, 1n)) - 1)
  const chosen = n === 0n ? matches : matches.slice(Number(n) - 1, Number(n))
  const parts: string[] = []
  let done = 0
  for (const match of chosen) {
    parts.push(letters(text).slice(done, match.start).join(''), fill(replacement, match, text))
    done = match.end
  }
  return [...parts, letters(text).slice(done).join('')].join('')
}

function fill(replacement: string, match: Match, text: string): string {
  return replacement.replace(/\\([1-9&\\])/g, (_, what: string) => {
    if (what === '\\') return '\\'
    return held(text, spanOf(match, what === '&' ? 0n : BigInt(what))) ?? ''
  })
}

/** What SIMILAR TO means as a regular expression. */
function similarPattern(pattern: string, escape: string): string {
  if (letters(escape).length > 1) throw new Failure('invalid-regex', 'escape')
  let brackets = false
  let escaped = false
  let quotes = 0
  const parts = letters(pattern).map(letter => {
    if (escaped) {
      escaped = false
      if (letter === '"' && !brackets) return separator(quotes++)
      return `\\${letter}`
    }
    if (letter === escape) {
      escaped = true
      return ''
    }
    if (brackets) {
      brackets = letter !== ']'
      return letter === '\\' ? '\\\\' : letter
    }
    brackets = letter === '['
    if (letter === '(') return '(?:'
    if (letter === '%') return '.*'
    if (letter === '_') return '.'
    return '\\.^$'.includes(letter) ? `\\${letter}` : letter
  })
  return `^(?:${parts.join('')})$`
}

/** Cuts out what SUBSTRING takes, behind the shortest text before it. */
function separator(index: number): string {
  if (index > 1) throw new Failure('invalid-regex', 'separators')
  return index === 0 ? '){1,1}?(' : '){1,1}(?:'
}

type Call = readonly [text: string, pattern: string, ...rest: Optional[]]

export const regexpTwins: Twins = {
  matches: operator(''),
  matches_any_case: operator('i'),
  similar_to: {
    evaluate: ([text, pattern, escape]: readonly [string, string, string]) =>
      findMatch(parsePattern(similarPattern(pattern, escape), ''), letters(text), 0) !== null
  },
  regexp_like: {
    evaluate: ([text, pattern, flags = '']: readonly [string, string, string?]) =>
      findMatch(parsePattern(pattern, flags), letters(text), 0) !== null
  },
  regexp_count: {
    evaluate: ([text, pattern, start = 1n, flags = '']: Call) => {
      const parsed = parsePattern(pattern, flags as string)
      const from = Number(atLeast(start as bigint, 1n)) - 1
      return BigInt(allMatches(parsed, text, from).length)
    }
  },
  regexp_extract: {
    evaluate: ([text, pattern, group = 0n]: Call): Value => {
      const match = findMatch(parsePattern(pattern, ''), letters(text), 0) ?? undefined
      return held(text, spanOf(match, group as bigint))
    }
  },
  regexp_substr: {
    evaluate: ([text, pattern, start = 1n, n = 1n, flags = '', group = 0n]: Call): Value => {
      const parsed = parsePattern(pattern, flags as string)
      const matches = allMatches(parsed, text, Number(atLeast(start as bigint, 1n)) - 1)
      const match = matches[Number(atLeast(n as bigint, 1n)) - 1]
      return held(text, spanOf(match, atLeast(group as bigint, 0n)))
    }
  },
  regexp_instr: {
    evaluate: ([text, pattern, start = 1n, n = 1n, end = 0n, flags = '', group = 0n]: Call) => {
      const parsed = parsePattern(pattern, flags as string)
      const matches = allMatches(parsed, text, Number(atLeast(start as bigint, 1n)) - 1)
      const match = matches[Number(atLeast(n as bigint, 1n)) - 1]
      if (end !== 0n && end !== 1n) throw new Failure('invalid-position', String(end))
      const span = spanOf(match, atLeast(group as bigint, 0n))
      return span === null ? 0n : BigInt(span[Number(end)]!) + 1n
    }
  },
  regexp_replace: { evaluate: replace },
  regexp_match: {
    evaluate: ([text, pattern, flags = '']: readonly [string, string, string?]): Value => {
      const parsed = parsePattern(pattern, flags)
      const match = findMatch(parsed, letters(text), 0)
      if (match === null) return null
      const spans = parsed.groups > 0 ? match.groups : [[match.start, match.end] as const]
      return spans.map(span => held(text, span))
    }
  },
  regexp_split_to_array: {
    evaluate: ([text, pattern, flags = '']: readonly [string, string, string?]): Value => {
      const all = letters(text)
      let last = 0
      // A match without a letter parts nothing at the ends of the text, or where another match has just ended.
      const parting = allMatches(parsePattern(pattern, flags), text, 0).filter(({ start, end }) => {
        const counts = start < all.length && end > last
        last = end
        return counts
      })
      const starts = [0, ...parting.map(({ end }) => end)]
      const ends = [...parting.map(({ start }) => start), all.length]
      return starts.map((start, i) => all.slice(start, ends[i]).join(''))
    }
  }
}

/** substring(text FROM pattern [FOR escape]): the first group, or the whole of a pattern without groups. */
export function substringByPattern(text: string, pattern: string, escape?: string): string | null {
  const parsed = parsePattern(escape === undefined ? pattern : similarPattern(pattern, escape), '')
  const match = findMatch(parsed, letters(text), 0) ?? undefined
  return held(text, spanOf(match, parsed.groups > 0 ? 1n : 0n))
}
