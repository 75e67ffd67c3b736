import type { StringLiteralContext } from '#grammar'
import { invalidEscape } from '../../diagnostics/parse.ts'
import { makeSpan } from '../../source/index.ts'
import type { Builder } from './builder.ts'

/** The value of '...', E'...' and $$...$$. */
export function buildString(cx: Builder, tree: StringLiteralContext): string {
  const text = tree.getText()
  if (tree.DOLLAR_STRING() !== null) return text.slice(2, -2)
  if (tree.ESCAPE_STRING() === null) return unquote(text)
  return unescape(cx, text.slice(2, -1), tree.start!.start + 2)
}

/** Of '...', "..." and `...`: without the quotes, a doubled one inside made one. */
export function unquote(text: string): string {
  const quote = text[0]!
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}

const simple = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t']
])

// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE; without octal escapes.
const escapes = /''|\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g

function unescape(cx: Builder, text: string, start: number): string {
  return text.replace(escapes, (whole, escape: string | undefined, at: number) => {
    if (escape === undefined) return "'"
    if (escape.length > 1) {
      const code = Number.parseInt(escape.slice(1), 16)
      if (code <= 0x10ffff && code > 0) return String.fromCodePoint(code)
    } else if (!/[a-zA-Z0-9]/.test(escape)) {
      return escape
    } else if (simple.has(escape)) {
      return simple.get(escape)!
    }
    const span = makeSpan(cx.file, start + at, start + at + whole.length)
    cx.diagnostics.push(invalidEscape(whole, span))
    return ''
  })
}
