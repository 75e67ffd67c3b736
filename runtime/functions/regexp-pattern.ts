import {
  compileRegex,
  parseOptions,
  type Regex,
  RegexError,
  similarToRegex
} from '../regex/index.ts'
import { failure } from '../sql/failure.ts'

/** A pattern, compiled: once for a constant one, at start. */
export function regexOf(pattern: string, flags: string, site: number): Regex {
  return guard(site, () => compileRegex(pattern, parseOptions(flags)))
}

/** A SIMILAR TO pattern, compiled. */
export function similarOf(pattern: string, escape: string, site: number): Regex {
  return guard(site, () => compileRegex(similarToRegex(pattern, escape), parseOptions('')))
}

function guard(site: number, compile: () => Regex): Regex {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    throw failure(site, 'invalid-regex', `the pattern is no regular expression: ${error.message}`)
  }
}

/** How many patterns of columns stay compiled. */
const REMEMBERED = 200
const remembered = new Map<string, Regex>()

/** A pattern that differs from row to row: the last ones stay compiled. */
export function regexOfRow(pattern: string, flags: string, site: number): Regex {
  return recall(`${flags}/${pattern}`, () => regexOf(pattern, flags, site))
}

/** A SIMILAR TO pattern that differs from row to row. */
export function similarOfRow(pattern: string, escape: string, site: number): Regex {
  return recall(`SIMILAR ${escape} ${pattern}`, () => similarOf(pattern, escape, site))
}

function recall(key: string, compile: () => Regex): Regex {
  const known = remembered.get(key)
  if (known !== undefined) return known
  const regex = compile()
  const oldest = remembered.keys().next().value
  if (remembered.size >= REMEMBERED && oldest !== undefined) remembered.delete(oldest)
  remembered.set(key, regex)
  return regex
}
