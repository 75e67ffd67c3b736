import { type Code, js, literal, propertyKey } from './code.ts'
import type { Writer } from './writer.ts'

/** What a literal in generated code can hold. */
export type Data =
  string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

/** Longest line with a whole object or list in it, in characters. */
const INLINE = 90
const NOTHING = js``

/** Writes `head`, the literal and `tail`: on one line where it is short, else a line per property or item. */
export function writeData(out: Writer, head: Code, data: Data, tail: Code = NOTHING): void {
  const inline = dataCode(data)
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
      writeData(out, key, value, i < parts.length - 1 ? js`,` : NOTHING)
    })
  out.nest(js`${head}${open}`, writeParts, js`${close}${tail}`)
}

/** The literal on one line. */
export function dataCode(data: Data): Code {
  if (data === null || typeof data !== 'object') return literal(data)
  if (isList(data)) return js`[${data.map(dataCode)}]`
  const properties = Object.entries(data).map(
    ([key, value]) => js`${propertyKey(key)}: ${dataCode(value)}`
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
