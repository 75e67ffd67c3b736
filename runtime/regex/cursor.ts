import { RegexError, type RegexOptions } from './node.ts'

/** Where the parser is in a pattern. */
export interface Cursor {
  readonly text: string
  at: number
  options: RegexOptions
  /** Capturing groups opened so far. */
  groups: number
  /** Parentheses that are open: more than a person writes would exhaust the stack. */
  depth: number
  /** Above 0 inside of a look-ahead or look-behind, where groups do not capture. */
  looks: number
}

export function makeCursor(text: string, options: RegexOptions): Cursor {
  return { text, at: 0, options, groups: 0, depth: 0, looks: 0 }
}

export function atEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.text.length
}

/** The character at the cursor; '' at the end. */
export function peek({ text, at }: Cursor): string {
  return at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : ''
}

/** The character at the cursor, passed; '' at the end. */
export function take(cursor: Cursor): string {
  const character = peek(cursor)
  cursor.at += character.length
  return character
}

/** Whether the text stands here; then it is passed. */
export function accept(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false
  cursor.at += text.length
  return true
}

/** What a sticky expression matches here, passed; '' if nothing. */
export function takeMatch(cursor: Cursor, expression: RegExp): string {
  expression.lastIndex = cursor.at
  const found = expression.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}

export function fail(reason: string): never {
  throw new RegexError(reason)
}
