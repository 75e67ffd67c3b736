import { Failure } from './failure.ts'

/**
 * A JSON parser after RFC 8259 that keeps the text of every value: numbers keep all of their digits, and the last of
 * duplicate members wins. It favours being obviously right over everything else.
 */
export type Json =
  | { readonly kind: 'Null' | 'True' | 'False'; readonly text: string }
  | { readonly kind: 'Number'; readonly text: string }
  | { readonly kind: 'String'; readonly text: string; readonly value: string }
  | { readonly kind: 'Array'; readonly text: string; readonly items: readonly Json[] }
  | { readonly kind: 'Object'; readonly text: string; readonly members: ReadonlyMap<string, Json> }

interface Cursor {
  readonly text: string
  readonly maxDepth: number
  at: number
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
// A number, a word or an escape that the text's end cuts off.
const OPEN_VALUE = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-|-?\d+\.|-?\d+(?:\.\d+)?[eE][+-]?)$/
const OPEN_ESCAPE = /^[0-9a-fA-F]{0,3}$/
const SPACE = /[ \t\n\r]*/y
// Everything but the quote, the backslash and the control characters.
const PLAIN = /[^"\\\u0000-\u001f]*/y
const HEX = /[0-9a-fA-F]{4}/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t'
}

/** The whole text as one JSON value; throws a Failure where it is none. */
export function parseJson(text: string, maxDepth: number): Json {
  const cursor: Cursor = { text, maxDepth, at: 0 }
  skip(cursor, SPACE)
  const value = parseValue(cursor, 0)
  skip(cursor, SPACE)
  if (cursor.at < text.length) throw new Failure('trailing-bytes', `text after the value`)
  return value
}

function parseValue(cursor: Cursor, depth: number): Json {
  const start = cursor.at
  const first = cursor.text[start]
  if (first === '"') {
    const value = parseString(cursor)
    return { kind: 'String', value, text: cursor.text.slice(start, cursor.at) }
  }
  if (first === '{' || first === '[') {
    if (depth >= cursor.maxDepth) throw new Failure('nested-too-deep', 'nested too deeply')
    return first === '{' ? parseObject(cursor, depth + 1) : parseArray(cursor, depth + 1)
  }
  for (const [word, kind] of [
    ['null', 'Null'],
    ['true', 'True'],
    ['false', 'False']
  ] as const) {
    if (accept(cursor, word)) return { kind, text: word }
  }
  if (OPEN_VALUE.test(cursor.text.slice(start))) throw truncated()
  const number = skip(cursor, NUMBER)
  if (number === '') throw fail(cursor, 'no value')
  return { kind: 'Number', text: number }
}

function parseObject(cursor: Cursor, depth: number): Json {
  const start = cursor.at
  const members = new Map<string, Json>()
  accept(cursor, '{')
  skip(cursor, SPACE)
  if (!accept(cursor, '}')) {
    do {
      skip(cursor, SPACE)
      const key = parseString(cursor)
      skip(cursor, SPACE)
      if (!accept(cursor, ':')) throw fail(cursor, 'no colon')
      skip(cursor, SPACE)
      members.set(key, parseValue(cursor, depth))
      skip(cursor, SPACE)
    } while (accept(cursor, ','))
    if (!accept(cursor, '}')) throw fail(cursor, 'object not closed')
  }
  return { kind: 'Object', members, text: cursor.text.slice(start, cursor.at) }
}

function parseArray(cursor: Cursor, depth: number): Json {
  const start = cursor.at
  const items: Json[] = []
  accept(cursor, '[')
  skip(cursor, SPACE)
  if (!accept(cursor, ']')) {
    do {
      skip(cursor, SPACE)
      items.push(parseValue(cursor, depth))
      skip(cursor, SPACE)
    } while (accept(cursor, ','))
    if (!accept(cursor, ']')) throw fail(cursor, 'array not closed')
  }
  return { kind: 'Array', items, text: cursor.text.slice(start, cursor.at) }
}

function parseString(cursor: Cursor): string {
  if (!accept(cursor, '"')) throw fail(cursor, 'no string')
  let value = ''
  for (;;) {
    value += skip(cursor, PLAIN)
    if (accept(cursor, '"')) return value
    if (!accept(cursor, '\\')) throw fail(cursor, 'string not closed')
    value += parseEscape(cursor)
  }
}

function parseEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at] ?? ''
  cursor.at++
  if (letter === 'u') {
    const hex = skip(cursor, HEX)
    if (hex === '') {
      if (OPEN_ESCAPE.test(cursor.text.slice(cursor.at))) throw truncated()
      throw fail(cursor, 'bad \\u escape')
    }
    // Halves of a surrogate pair come one escape at a time and join by themselves.
    return String.fromCharCode(Number.parseInt(hex, 16))
  }
  const plain = ESCAPES[letter]
  if (plain === undefined) throw fail(cursor, 'unknown escape')
  return plain
}

function accept(cursor: Cursor, word: string): boolean {
  if (!cursor.text.startsWith(word, cursor.at)) return false
  cursor.at += word.length
  return true
}

/** Moves over what the sticky pattern matches here and gives it; '' where it does not match. */
function skip(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += match.length
  return match
}

/** A text is truncated when it could go on to something valid: nothing before its end is wrong. */
function fail(cursor: Cursor, message: string): Failure {
  if (cursor.at >= cursor.text.length) return truncated()
  return new Failure('malformed-json', `${message} at ${cursor.at}`)
}

function truncated(): Failure {
  return new Failure('truncated-json', 'the text ends too early')
}
