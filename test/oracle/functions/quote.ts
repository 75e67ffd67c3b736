import { Failure } from '../failure.ts'
import { checkLength } from './text-length.ts'
import { reservedWords } from './reserved-words.ts'
import type { Twins } from './entry.ts'

const double = (text: string, quote: string): string => text.split(quote).join(quote + quote)

function literal(text: string): string {
  const quoted = `'${double(text, "'")}'`
  return text.includes('\\') ? `E${double(quoted, '\\')}` : quoted
}

function name(text: string): string {
  const plain = /^[a-z_]+[a-z0-9_]*$/.test(text) && !reservedWords.split(/\s+/).includes(text)
  return plain ? text : `"${double(text, '"')}"`
}

/** Letter by letter. */
function parseName(text: string, strict: boolean): readonly string[] {
  const rest = [...text]
  const fail = (): never => {
    throw new Failure('invalid-name', text)
  }
  const skip = (): void => {
    while (' \t\n\v\f\r'.includes(rest[0] ?? 'x')) rest.shift()
  }
  const parts: string[] = []
  do {
    skip()
    parts.push(rest[0] === '"' ? quoted() : plain())
    skip()
  } while (rest.length > 0 && rest[0] === '.' && rest.shift() === '.')
  return strict && rest.length > 0 ? fail() : parts

  function quoted(): string {
    let part = ''
    for (rest.shift(); rest.length > 0;) {
      const letter = rest.shift()!
      if (letter !== '"') part += letter
      else if (rest[0] === '"') part += rest.shift()!
      else return part === '' ? fail() : part
    }
    return fail()
  }
  function plain(): string {
    let part = ''
    const fits = /[a-zA-Z_]|[^\p{ASCII}]/u
    while (fits.test(rest[0] ?? '') || (part !== '' && /^[0-9$]$/.test(rest[0] ?? ''))) {
      const letter = rest.shift()!
      part += /[A-Z]/.test(letter) ? letter.toLowerCase() : letter
    }
    return part === '' ? fail() : part
  }
}

type Args = readonly (string | null)[]

/** PostgreSQL's format(), one letter after the other. */
function format([pattern, ...args]: Args): string | null {
  if (pattern === null || pattern === undefined) return null
  const rest = [...pattern]
  let next = 0
  let result = ''
  const argument = (): string | null => {
    if (next < 0 || next >= args.length) throw new Failure('invalid-format', 'no such argument')
    return args[next++]!
  }
  const digits = (): string => {
    let found = ''
    while (/^[0-9]$/.test(rest[0] ?? '')) found += rest.shift()!
    return found
  }
  /** `n$`, which selects the next argument; any other digits are put back. */
  const position = (): void => {
    const found = digits()
    if (found !== '' && rest[0] === '$') {
      rest.shift()
      next = Number(found) - 1
    } else rest.unshift(...found)
  }
  while (rest.length > 0) {
    const letter = rest.shift()!
    if (letter !== '%') {
      result += letter
      continue
    }
    if (rest[0] === '%') {
      result += rest.shift()!
      continue
    }
    position()
    let left = false
    while (rest[0] === '-') left = Boolean(rest.shift())
    let width = 0
    if (rest[0] === '*') {
      rest.shift()
      position()
      width = toWidth(argument())
    } else width = Number(digits())
    const shown = convert(rest.shift() ?? '', argument)
    checkLength(BigInt(Math.abs(width)))
    const space = ' '.repeat(Math.max(0, Math.abs(width) - [...shown].length))
    result += left || width < 0 ? shown + space : space + shown
  }
  return result
}

function toWidth(text: string | null): number {
  if (text !== null && !/^\s*[-+]?[0-9]+\s*$/.test(text)) {
    throw new Failure('invalid-format', 'no width')
  }
  return Number(text)
}

function convert(type: string, argument: () => string | null): string {
  if (!['s', 'I', 'L'].includes(type)) throw new Failure('invalid-format', 'no such type')
  const value = argument()
  if (type === 's') return value ?? ''
  if (type === 'L') return value === null ? 'NULL' : literal(value)
  if (value === null) throw new Failure('invalid-format', 'NULL is no name')
  return name(value)
}

export const quoteTwins: Twins = {
  quote_literal: { evaluate: ([text]: readonly [string]) => literal(text) },
  quote_nullable: {
    takesNull: true,
    evaluate: ([text]: readonly [string | null]) => (text === null ? 'NULL' : literal(text))
  },
  quote_ident: { evaluate: ([text]: readonly [string]) => name(text) },
  parse_ident: {
    evaluate: ([text, strict = true]: readonly [string, boolean?]) => parseName(text, strict)
  },
  format: { takesNull: true, evaluate: format }
}
