import { checkJson, jsonExtract, unquoteJson } from './json.ts'
import { jsonElements, jsonMembers } from './json-parts.ts'
import { skipSpace } from './json-scan.ts'
import { textToJsonString } from './json-build.ts'

const PLACE = /^[+-]?\d{1,9}$/

/** `#>`: the JSON that names of members and places in arrays lead to; NULL where there is none, and JSON null. O(n) per step. */
export function jsonAt(
  doc: string,
  steps: readonly (string | null)[],
  site: number
): string | null {
  checkJson(doc, site)
  let at: string | null = doc
  for (const step of steps) {
    if (at === null || step === null) return null
    const first = at[skipSpace(at, 0)]
    if (first === '{') at = jsonExtract(at, [step], site)
    else if (first === '[' && PLACE.test(step)) at = jsonExtract(at, [Number(step)], site)
    else return null
  }
  return at === null ? null : jsonExtract(at, [], site)
}

/** `#>>`: as `jsonAt`, a JSON string as the text that it is. */
export function jsonTextAt(
  doc: string,
  steps: readonly (string | null)[],
  site: number
): string | null {
  const found = jsonAt(doc, steps, site)
  return found === null ? null : unquoteJson(found)
}

/** The document without members that are null. */
export function stripJsonNulls(doc: string, site: number): string | null {
  const end = checkJson(doc, site)
  const stripped = strip(doc.slice(skipSpace(doc, 0), end))
  return stripped === 'null' ? null : stripped
}

function strip(json: string): string {
  if (json[0] === '[') return `[${jsonElements(json).map(strip).join(',')}]`
  if (json[0] !== '{') return json
  const members = [...jsonMembers(json)].filter(([, value]) => value !== 'null')
  return `{${members.map(([name, value]) => `${textToJsonString(name)}:${strip(value)}`).join(',')}}`
}
