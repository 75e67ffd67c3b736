import { unquoteJson } from '../functions/index.ts'
import { skipJson, skipKey, skipSpace, skipString } from '../functions/json-scan.ts'
import { canonicalNumber } from './canonical-number.ts'

/** One text for all that are the same JSON: without white space, members by name, numbers by value, every digit kept. */
export function canonicalJson(json: string): string {
  const start = skipSpace(json, 0)
  switch (json[start]) {
    case '{':
      return canonicalObject(json, start)
    case '[':
      return `[${elements(json, start).map(canonicalJson).join(',')}]`
    case '"':
      return JSON.stringify(unquoteJson(json.trim()))
    default:
      return /^[-\d]/.test(json[start]!) ? canonicalNumber(json.trim()) : json.trim()
  }
}

function canonicalObject(json: string, start: number): string {
  // Of duplicate members the last wins.
  const members = new Map<string, string>()
  for (let pos = skipSpace(json, start + 1); json[pos] !== '}';) {
    const keyEnd = skipString(json, pos)
    const name = unquoteJson(json.slice(pos, keyEnd))
    const from = skipSpace(json, skipKey(json, pos))
    const end = skipJson(json, from)
    members.set(name, canonicalJson(json.slice(from, end)))
    pos = behindComma(json, end)
  }
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

function elements(json: string, start: number): string[] {
  const found: string[] = []
  for (let pos = skipSpace(json, start + 1); json[pos] !== ']';) {
    const end = skipJson(json, pos)
    found.push(json.slice(pos, end))
    pos = behindComma(json, end)
  }
  return found
}

function behindComma(json: string, end: number): number {
  const pos = skipSpace(json, end)
  return json[pos] === ',' ? skipSpace(json, pos + 1) : pos
}
