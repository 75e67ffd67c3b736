import { failure } from '../sql/failure.ts'
import { formatTimestamp } from '../sql/timestamp.ts'

/** A number as JSON has it; infinities and NaN it has not. */
export function doubleToJson(value: number, site: number): string {
  if (!Number.isFinite(value)) {
    throw failure(site, 'not-finite', 'JSON has neither NaN nor infinities')
  }
  return Object.is(value, -0) ? '-0' : String(value)
}

export function textToJsonString(value: string): string {
  return JSON.stringify(value)
}

export function timestampToJson(value: number): string {
  return `"${formatTimestamp(value)}"`
}

/** Keys and values in turn, each as JSON; a key that is a number or a truth value is quoted. */
export function jsonObject(site: number, ...parts: (string | null)[]): string {
  const members: string[] = []
  for (let i = 0; i < parts.length; i += 2) {
    members.push(`${keyOf(parts[i]!, site)}:${parts[i + 1] ?? 'null'}`)
  }
  return `{${members.join(',')}}`
}

function keyOf(key: string | null, site: number): string {
  if (key === null) throw failure(site, 'invalid-json-key', 'a key of a JSON object is NULL')
  if (key[0] === '{' || key[0] === '[') {
    throw failure(site, 'invalid-json-key', 'a key of a JSON object is no scalar')
  }
  return key[0] === '"' ? key : `"${key}"`
}

/** The elements that are not NULL. */
export function jsonArray(...elements: (string | null)[]): string {
  return `[${elements.filter(element => element !== null).join(',')}]`
}

/** All elements; NULL becomes JSON's null. */
export function jsonArrayWithNulls(...elements: (string | null)[]): string {
  return `[${elements.map(element => element ?? 'null').join(',')}]`
}
