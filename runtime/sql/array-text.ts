/** What has to be quoted in the text of an array: it would mean something else. */
const ARRAY_SPECIAL = /^$|[{}",\\\s]|^null$/i
const ROW_SPECIAL = /^$|[(),"\\\s]/

/** PostgreSQL's text of an array: `{1,NULL,"a b"}`; of nested ones the inner texts are arrays already. */
export function formatArray(items: readonly (string | null)[], nested: boolean): string {
  return `{${items.map(item => formatItem(item, nested)).join(',')}}`
}

function formatItem(item: string | null, nested: boolean): string {
  if (item === null) return 'NULL'
  if (nested || !ARRAY_SPECIAL.test(item)) return item
  return `"${item.replace(/["\\]/g, '\\$&')}"`
}

/** PostgreSQL's text of a row: `(1,"a b",)`, where nothing stands for NULL. */
export function formatRow(items: readonly (string | null)[]): string {
  return `(${items.map(formatField).join(',')})`
}

function formatField(item: string | null): string {
  if (item === null) return ''
  return ROW_SPECIAL.test(item) ? `"${item.replace(/["\\]/g, '$&$&')}"` : item
}

/**
 * The texts of the elements of an array's text; null where the text is no array. Only where the elements are arrays
 * themselves may they be written in braces, which they keep.
 */
export function parseArray(text: string, nested: boolean): (string | null)[] | null {
  const body = text.trim()
  if (!body.startsWith('{')) return null
  const items: (string | null)[] = []
  const reader: Reader = { text: body, nested, pos: 1 }
  skipBlanks(reader)
  if (body[reader.pos] === '}') return reader.pos === body.length - 1 ? items : null
  for (;;) {
    const item = readItem(reader)
    if (item === undefined) return null
    items.push(item)
    skipBlanks(reader)
    const next = body[reader.pos++]
    if (next === '}') return reader.pos === body.length ? items : null
    if (next !== ',') return null
    skipBlanks(reader)
  }
}

interface Reader {
  readonly text: string
  readonly nested: boolean
  pos: number
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.pos] ?? '')) reader.pos++
}

/** Undefined where there is none. */
function readItem(reader: Reader): string | null | undefined {
  const first = reader.text[reader.pos]
  if (first === '"') return readQuoted(reader)
  if (first === '{') return reader.nested ? readNested(reader) : undefined
  const start = reader.pos
  let item = ''
  for (; reader.pos < reader.text.length; reader.pos++) {
    const character = reader.text[reader.pos]!
    if (character === ',' || character === '}') break
    if (character === '"' || character === '{') return undefined
    if (character === '\\') reader.pos++
    item += reader.text[reader.pos] ?? ''
  }
  const written = reader.text.slice(start, reader.pos).trim()
  if (written === '') return undefined
  return /^null$/i.test(written) ? null : item.trimEnd()
}

function readQuoted(reader: Reader): string | undefined {
  let item = ''
  for (reader.pos++; reader.pos < reader.text.length; reader.pos++) {
    const character = reader.text[reader.pos]!
    if (character === '"') {
      reader.pos++
      return item
    }
    if (character === '\\') reader.pos++
    item += reader.text[reader.pos] ?? ''
  }
  return undefined
}

/** Up to the brace that closes the one at `pos`; braces in quotes do not count. */
function readNested(reader: Reader): string | undefined {
  const start = reader.pos
  let depth = 0
  for (; reader.pos < reader.text.length; reader.pos++) {
    const character = reader.text[reader.pos]!
    if (character === '"') {
      if (readQuoted(reader) === undefined) return undefined
      reader.pos--
    } else if (character === '\\') reader.pos++
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) {
      reader.pos++
      return reader.text.slice(start, reader.pos)
    }
  }
  return undefined
}
