import { failure } from '../sql/failure.ts'
import { checkJson, findJson, type JsonPath } from './json.ts'
import { jsonElements } from './json-parts.ts'
import { skipJson, skipSpace } from './json-scan.ts'

/** Whether there is a value at `path`; JSON's null is one. */
export function jsonExists(doc: string, path: JsonPath, site: number): boolean {
  checkJson(doc, site)
  return findJson(doc, path) >= 0
}

/** Elements of an array; anything else fails. One pass. */
export function jsonArrayLength(doc: string, site: number): number {
  checkJson(doc, site)
  let pos = skipSpace(doc, 0)
  if (doc[pos] !== '[') throw failure(site, 'not-an-array', 'the JSON is not an array')
  pos = skipSpace(doc, pos + 1)
  if (doc[pos] === ']') return 0
  for (let count = 1; ; count++) {
    pos = skipSpace(doc, skipJson(doc, pos))
    if (doc[pos] === ']') return count
    pos = skipSpace(doc, pos + 1)
  }
}

/** PostgreSQL's word for the kind of value that begins so. */
export function jsonKind(first: string | undefined): string {
  switch (first) {
    case '{':
      return 'object'
    case '[':
      return 'array'
    case '"':
      return 'string'
    case 't':
    case 'f':
      return 'boolean'
    case 'n':
      return 'null'
    default:
      return 'number'
  }
}

/** PostgreSQL's word for what kind of value it is. */
export function jsonTypeof(doc: string, site: number): string {
  checkJson(doc, site)
  return jsonKind(doc[skipSpace(doc, 0)])
}

/** The elements of an array as JSON, null as NULL; anything else fails. Two passes. */
export function jsonItems(doc: string, site: number): (string | null)[] {
  checkJson(doc, site)
  const start = skipSpace(doc, 0)
  if (doc[start] !== '[') throw failure(site, 'not-an-array', 'the JSON is not an array')
  return jsonElements(doc.slice(start)).map(item => (item === 'null' ? null : item))
}
