import { skipJson, skipKey, skipSpace, skipString } from './json-scan.ts'
import { unquoteJson } from './json.ts'

/** The raw texts of the elements of a JSON array that is known to be valid. */
export function jsonElements(json: string): string[] {
  const elements: string[] = []
  let pos = skipSpace(json, 1)
  while (json[pos] !== ']') {
    const end = skipJson(json, pos)
    elements.push(json.slice(pos, end))
    pos = nextItem(json, end)
  }
  return elements
}

/** The raw texts of the members of a JSON object that is known to be valid; of duplicates the last. */
export function jsonMembers(json: string): Map<string, string> {
  const members = new Map<string, string>()
  let pos = skipSpace(json, 1)
  while (json[pos] !== '}') {
    const key = unquoteJson(json.slice(pos, skipString(json, pos)))
    const start = skipSpace(json, skipKey(json, pos))
    const end = skipJson(json, start)
    members.set(key, json.slice(start, end))
    pos = nextItem(json, end)
  }
  return members
}

/** Behind the comma, or where the closing bracket stands. */
function nextItem(json: string, end: number): number {
  const pos = skipSpace(json, end)
  return json[pos] === ',' ? skipSpace(json, pos + 1) : pos
}
