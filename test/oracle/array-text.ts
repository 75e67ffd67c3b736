import { Failure } from './failure.ts'

/** PostgreSQL's text of an array. Inner arrays are texts of arrays already. */
export function showArray(items: readonly (string | null)[], nested: boolean): string {
  const shown = items.map(item => {
    if (item === null) return 'NULL'
    const bare = item !== '' && !/[{},"\\\s]/.test(item) && item.toLowerCase() !== 'null'
    return nested || bare ? item : `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  })
  return `{${shown.join(',')}}`
}

/** PostgreSQL's text of a row: nothing for NULL. */
export function showRow(items: readonly (string | null)[]): string {
  const shown = items.map(item => {
    if (item === null) return ''
    if (item !== '' && !/[(),"\\\s]/.test(item)) return item
    return `"${item.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`
  })
  return `(${shown.join(',')})`
}

/** An element in quotes, an inner array, or a bare word up to a comma. */
const QUOTED = /^"((?:[^"\\]|\\[^])*)"/
const BARE = /^(?:[^",{}\\]|\\[^])+/

/** The elements of an array's text; those of arrays of arrays may be in braces, which they keep. */
export function splitArray(text: string, nested: boolean): (string | null)[] {
  const body = text.trim()
  const inner = body.slice(1, -1).trim()
  if (!/^\{[^]*\}$/.test(body)) throw new Failure('invalid-cast', text)
  if (inner === '') return []
  const items: (string | null)[] = []
  for (let rest = inner; ;) {
    if (!nested && rest.startsWith('{')) throw new Failure('invalid-cast', text)
    const { item, length } = firstItem(rest)
    items.push(item)
    rest = rest.slice(length).trimStart()
    if (rest === '') return items
    if (!rest.startsWith(',')) throw new Failure('invalid-cast', text)
    rest = rest.slice(1).trimStart()
  }
}

function firstItem(text: string): { readonly item: string | null; readonly length: number } {
  if (text.startsWith('{')) {
    const length = nestedLength(text)
    return { item: text.slice(0, length), length }
  }
  const quoted = QUOTED.exec(text)
  if (quoted !== null) {
    return { item: quoted[1]!.replace(/\\([^])/g, '$1'), length: quoted[0].length }
  }
  const bare = BARE.exec(text)
  const word = bare?.[0].trim() ?? ''
  if (word === '') throw new Failure('invalid-cast', text)
  const item = word.toLowerCase() === 'null' ? null : word.replace(/\\([^])/g, '$1')
  return { item, length: bare![0].length }
}

/** Up to the brace that closes the first one; what is quoted does not count. */
function nestedLength(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length;) {
    const skipped = QUOTED.exec(text.slice(at)) ?? /^\\[^]/.exec(text.slice(at))
    if (skipped !== null) {
      at += skipped[0].length
      continue
    }
    depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0
    at++
    if (depth === 0) return at
  }
  throw new Failure('invalid-cast', text)
}
