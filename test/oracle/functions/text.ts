import { Failure } from '../failure.ts'
import { trimBytes } from './bytes-bits.ts'
import { checkLength } from './text-length.ts'
import { substringByPattern } from './regexp.ts'
import type { FunctionTwin, Twins } from './entry.ts'

/** Positions and lengths count code points, as in PostgreSQL. */
const letters = (text: string): string[] => [...text]

type Text = readonly [string]
type TextCount = readonly [string, bigint]

/** Removes any of the characters, or bytes, from one or both ends. */
function trim(start: boolean, end: boolean): FunctionTwin {
  return {
    evaluate: ([text, characters = ' ']: readonly [
      string | Uint8Array,
      (string | Uint8Array)?
    ]) => {
      if (typeof text !== 'string') return trimBytes(text, characters as Uint8Array, start, end)
      const set = letters(characters as string)
      let left = letters(text)
      while (start && left.length > 0 && set.includes(left[0]!)) left = left.slice(1)
      while (end && left.length > 0 && set.includes(left.at(-1)!)) left = left.slice(0, -1)
      return left.join('')
    }
  }
}

function pad(side: 'left' | 'right'): FunctionTwin {
  return {
    evaluate: ([text, length, fill = ' ']: readonly [string, bigint, string?]) => {
      const all = letters(text)
      const size = Math.max(0, Number(length))
      if (all.length >= size || fill === '') return all.slice(0, size).join('')
      checkLength(length)
      const filler = letters(fill)
      const padding = Array.from({ length: size - all.length }, (_, i) => filler[i % filler.length])
      return side === 'left' ? [...padding, ...all].join('') : [...all, ...padding].join('')
    }
  }
}

function like(fold: (text: string) => string): FunctionTwin {
  return {
    evaluate: ([text, pattern, escape = '\\']: readonly [string, string, string?]) =>
      matches(letters(fold(text)), likeTokens(fold(pattern), escape))
  }
}

type LikeToken = 'any' | 'one' | { readonly letter: string }

function likeTokens(pattern: string, escape: string): LikeToken[] {
  const tokens: LikeToken[] = []
  const rest = letters(pattern)
  while (rest.length > 0) {
    const letter = rest.shift()!
    if (letter === escape) {
      const next = rest.shift()
      if (next === undefined) throw new Failure('like-escape-at-end', 'pattern ends in an escape')
      tokens.push({ letter: next })
    } else tokens.push(letter === '%' ? 'any' : letter === '_' ? 'one' : { letter })
  }
  return tokens
}

function matches(text: readonly string[], tokens: readonly LikeToken[]): boolean {
  const [token, ...rest] = tokens
  if (token === undefined) return text.length === 0
  if (token === 'any') {
    return matches(text, rest) || (text.length > 0 && matches(text.slice(1), tokens))
  }
  if (text.length === 0 || (token !== 'one' && token.letter !== text[0])) return false
  return matches(text.slice(1), rest)
}

/** As `substring`, of bytes. */
function subarray(bytes: Uint8Array, from: bigint, length: bigint | undefined): Uint8Array {
  if (length !== undefined && length < 0n) throw new Failure('negative-length', 'negative length')
  const end = length === undefined ? Infinity : Number(from + length) - 1
  return bytes.slice(Math.max(0, Number(from) - 1), Math.max(0, end))
}

/** Characters from a position that counts from 1; a start before 1 eats from the length. */
function substring([whole, from, length]: readonly [
  string | Uint8Array,
  bigint | string,
  (bigint | string)?
]): string | Uint8Array | null {
  if (typeof whole !== 'string') return subarray(whole, from as bigint, length as bigint)
  const text = whole
  if (typeof from === 'string') return substringByPattern(text, from, length as string | undefined)
  if (typeof length === 'string') throw new Error('a length is a number')
  if (length !== undefined && length < 0n) {
    throw new Failure('negative-length', 'negative length')
  }
  const end = length === undefined ? Infinity : Number(from + length) - 1
  return letters(text)
    .slice(Math.max(0, Number(from) - 1), Math.max(0, end))
    .join('')
}

function splitPart([text, separator, field]: readonly [string, string, bigint]): string {
  if (field === 0n) throw new Failure('zero-field', 'field 0')
  const parts = separator === '' ? [text] : text.split(separator)
  const index = field > 0n ? Number(field) - 1 : parts.length + Number(field)
  return parts[index] ?? ''
}

/** The first place, counted from 1; 0 where there is none. */
function position([text, part]: readonly [string, string]): bigint {
  const at = text.indexOf(part)
  return at < 0 ? 0n : BigInt(letters(text.slice(0, at)).length) + 1n
}

const joinPresent = (texts: readonly (string | null)[], separator: string): string =>
  texts.filter(text => text !== null).join(separator)

export const textTwins: Twins = {
  like: like(text => text),
  ilike: like(text => text.toLowerCase()),
  like_any: {
    takesNull: true,
    evaluate: ([text, patterns, how]: readonly [
      string | null,
      readonly (string | null)[] | null,
      string
    ]) => {
      if (patterns === null) return null
      const fold = how.endsWith('ILIKE')
      const { evaluate } = like(each => (fold ? each.toLowerCase() : each))
      const types = { types: [], result: { kind: 'Boolean' } } as const
      let answer: boolean | null = false
      // What stands behind the one that answers is not asked: it may be no pattern.
      for (const pattern of patterns) {
        if (text === null || pattern === null) answer = null
        else if (evaluate([text, pattern, '\\'] as never, types) !== how.startsWith('is not')) {
          return true
        }
      }
      return answer
    }
  },
  length: {
    evaluate: ([text]: readonly [string | Uint8Array]) =>
      BigInt(typeof text === 'string' ? letters(text).length : text.length)
  },
  upper: { evaluate: ([text]: Text) => text.toUpperCase() },
  lower: { evaluate: ([text]: Text) => text.toLowerCase() },
  btrim: trim(true, true),
  ltrim: trim(true, false),
  rtrim: trim(false, true),
  lpad: pad('left'),
  rpad: pad('right'),
  substring: { evaluate: substring },
  left: {
    evaluate: ([text, count]: TextCount) => letters(text).slice(0, Number(count)).join('')
  },
  fit_text: {
    evaluate: ([text, count]: TextCount) => {
      const all = letters(text)
      const kept = count < 0n ? all.length + Number(count) : Number(count)
      const fits = all.slice(Math.max(0, kept)).every(letter => letter === ' ')
      if (!fits) throw new Failure('text-too-long', text)
      return all.slice(0, Math.max(0, kept)).join('')
    }
  },
  right: {
    evaluate: ([text, count]: TextCount) => {
      const all = letters(text)
      const from = count >= 0n ? all.length - Number(count) : -Number(count)
      return all.slice(Math.max(0, from)).join('')
    }
  },
  replace: {
    evaluate: ([text, from, to]: readonly [string, string, string]) =>
      from === '' ? text : text.split(from).join(to)
  },
  split_part: { evaluate: splitPart },
  strpos: { evaluate: position },
  position: {
    evaluate: ([part, text]: readonly [string, string] | readonly [Uint8Array, Uint8Array]) =>
      typeof part === 'string'
        ? position([text as string, part])
        : BigInt(Buffer.from(text as Uint8Array).indexOf(part) + 1)
  },
  reverse: {
    evaluate: ([text]: readonly [string | Uint8Array]) =>
      typeof text === 'string' ? letters(text).toReversed().join('') : text.toReversed()
  },
  starts_with: { evaluate: ([text, start]: readonly [string, string]) => text.startsWith(start) },
  concatenate: {
    evaluate: ([left, right]: readonly [string | Uint8Array, string | Uint8Array]) =>
      typeof left === 'string'
        ? left + String(right)
        : Uint8Array.from([...left, ...(right as Uint8Array)])
  },
  concat: {
    takesNull: true,
    evaluate: (texts: readonly (string | null)[]) => joinPresent(texts, '')
  },
  concat_ws: {
    takesNull: true,
    evaluate: ([separator, ...texts]: readonly [string | null, ...(string | null)[]]) =>
      separator === null ? null : joinPresent(texts, separator)
  }
}
