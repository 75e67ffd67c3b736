import { type Code, js, listedLiteral, propertyKey } from './code.ts'
import type { Writer } from './writer.ts'

/** What a literal in generated code can hold. */
export type Data =
  string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

/** Longest line with a whole object or list in it, in characters. */
const INLINE = 90
const NOTHING = js``

/** Writes `head`, the literal and `tail`: on one line where it is short, else a line per property or item. */
export function writeData(out: Writer, head: Code, data: Data, tail: Code = NOTHING): void {
  writePart(out, head, data, tail, new Map())
}

/** `inlines`: literals of what is inside of larger ones, which are measured first. */
function writePart(out: Writer, head: Code, data: Data, tail: Code, inlines: Inlines): void {
  const inline = inlineCode(data, inlines)
  if (
    head.text.length + inline.text.length <= INLINE ||
    data === null ||
    typeof data !== 'object'
  ) {
    out.line(js`${head}${inline}${tail}`)
    return
  }
  const parts: readonly (readonly [Code, Data])[] = isList(data)
    ? data.map(item => [NOTHING, item])
    : Object.entries(data).map(([key, value]) => [js`${propertyKey(key)}: `, value])
  const [open, close] = isList(data) ? [js`[`, js`]`] : [js`{`, js`}`]
  const writeParts = (): void =>
    parts.forEach(([key, value], i) => {
      writePart(out, key, value, i < parts.length - 1 ? js`,` : NOTHING, inlines)
    })
  out.nest(js`${head}${open}`, writeParts, js`${close}${tail}`)
}

/** The literal on one line. */
export function dataCode(data: Data): Code {
  return inlineCode(data, new Map())
}

type Inlines = Map<object, Code>

function inlineCode(data: Data, inlines: Inlines): Code {
  if (data === null || typeof data !== 'object') return listedLiteral(data)
  const known = inlines.get(data)
  if (known !== undefined) return known
  const code = isList(data)
    ? js`[${data.map(item => inlineCode(item, inlines))}]`
    : objectCode(data, inlines)
  inlines.set(data, code)
  return code
}

function objectCode(data: { readonly [key: string]: Data }, inlines: Inlines): Code {
  const properties = Object.entries(data).map(
    ([key, value]) => js`${propertyKey(key)}: ${inlineCode(value, inlines)}`
  )
  return properties.length === 0 ? js`{}` : js`{ ${properties} }`
}

function isList(data: object): data is readonly Data[] {
  return Array.isArray(data)
}

/** Writes `head`, a text of several lines as a list of them, joined, and `tail`. */
export function writeText(out: Writer, head: Code, text: string, tail: Code = NOTHING): void {
  const lines = text.split('\n')
  const writeLines = (): void =>
    lines.forEach((line, i) => out.line(i < lines.length - 1 ? js`${line},` : js`${line}`))
  out.nest(js`${head}[`, writeLines, js`].join(${'\n'})${tail}`)
}
