import { failure } from '../sql/failure.ts'
import { NOT_JSON, skipJson, skipKey, skipSpace, skipString } from './json-scan.ts'

/** The members and elements to follow from the top of a document. */
export type JsonPath = readonly (string | number)[]

/**
 * The raw text of the value at `path`; NULL where it is missing or JSON null. The whole document is checked, so a
 * broken one fails whatever the path. Of duplicate members the last wins. One pass, nothing is parsed or copied.
 */
export function jsonExtract(doc: string, path: JsonPath, site: number): string | null {
  const end = checkJson(doc, site)
  const start = findJson(doc, path)
  if (start < 0) return null
  return nullOrText(doc.slice(start, path.length > 0 ? skipJson(doc, start) : end))
}

/** Fails unless the text is one JSON value; answers where that ends. */
export function checkJson(doc: string, site: number): number {
  const end = skipJson(doc, 0)
  if (end === NOT_JSON || skipSpace(doc, end) !== doc.length) {
    throw failure(site, 'invalid-json', 'the text is not valid JSON')
  }
  return end
}

/** Where the value at a path begins in a document that is known to be valid; -1 if there is none. */
export function findJson(doc: string, path: JsonPath): number {
  let start = skipSpace(doc, 0)
  for (const step of path) {
    start = typeof step === 'string' ? findMember(doc, start, step) : findElement(doc, start, step)
    if (start < 0) return -1
  }
  return start
}

/** `doc -> key` or `doc -> index`; a negative index counts from the end. */
export function jsonStep(doc: string, step: string | number, site: number): string | null {
  return jsonExtract(doc, [step], site)
}

/** The scalar at `path` as TEXT; NULL for an object or array, as SQL's JSON_VALUE. */
export function jsonValue(doc: string, path: JsonPath, site: number): string | null {
  const value = jsonExtract(doc, path, site)
  if (value === null || value[0] === '{' || value[0] === '[') return null
  return unquoteJson(value)
}

/** Text to JSON: checked, without the white space around it; NULL for JSON null. */
export function textToJson(text: string, site: number): string | null {
  return jsonExtract(text, [], site)
}

/** A JSON string's characters; any other JSON value as its raw text. */
export function unquoteJson(json: string): string {
  if (json[0] !== '"') return json
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1)
}

function nullOrText(json: string): string | null {
  return json === 'null' ? null : json
}

/** Where the member's value begins, or -1. `start` is where a value begins that is known to be valid. */
function findMember(doc: string, start: number, name: string): number {
  if (doc[start] !== '{') return -1
  let found = -1
  let pos = skipSpace(doc, start + 1)
  while (doc[pos] !== '}') {
    const keyEnd = skipString(doc, pos)
    const matches = unquoteJson(doc.slice(pos, keyEnd)) === name
    pos = skipSpace(doc, skipKey(doc, pos))
    if (matches) found = pos
    pos = nextItem(doc, pos)
  }
  return found
}

/** Where the element begins, or -1. */
function findElement(doc: string, start: number, index: number): number {
  if (doc[start] !== '[') return -1
  const starts: number[] = []
  let pos = skipSpace(doc, start + 1)
  while (doc[pos] !== ']') {
    if (index === starts.length) return pos
    starts.push(pos)
    pos = nextItem(doc, pos)
  }
  return index < 0 ? (starts[starts.length + index] ?? -1) : -1
}

/** Behind the value at `pos`, and behind the comma if there is one. */
function nextItem(doc: string, pos: number): number {
  const end = skipSpace(doc, skipJson(doc, pos))
  return doc[end] === ',' ? skipSpace(doc, end + 1) : end
}
