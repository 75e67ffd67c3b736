import { follow } from '../decode.ts'
import { Failure } from '../failure.ts'
import { type Json, parseJson } from '../json.ts'
import type { Value } from '../value.ts'
import type { Twins } from './entry.ts'

const MAX_DEPTH = 512

/** One step of a path: .name  ."name"  [1]  ['name']  ["name"] */
const STEP =
  /\.([^."'[\]\s]+)|\."((?:[^"\\]|\\.)*)"|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/g

/** '$.a[0]."b c"' as the members and elements to follow. The binder has checked its form. */
function parsePath(path: string): (string | number)[] {
  return Array.from(path.matchAll(STEP), ([, plain, dotted, index, single, double]) => {
    if (index !== undefined) return Number(index)
    return plain ?? (dotted ?? single ?? double ?? '').replace(/\\(.)/g, '$1')
  })
}

function parseDocument(text: string): Json {
  try {
    return parseJson(text, MAX_DEPTH)
  } catch {
    throw new Failure('invalid-json', 'not JSON')
  }
}

function find(document: string, path: readonly (string | number)[]): Json | null {
  const found = follow(parseDocument(document), path)
  return found?.kind === 'Null' ? null : found
}

type Call = readonly [document: string, path: string]

export const jsonTwins: Twins = {
  json_extract: {
    evaluate: ([document, path]: Call) => find(document, parsePath(path))?.text ?? null
  },
  json_value: {
    evaluate: ([document, path]: Call): Value => {
      const found = find(document, parsePath(path))
      if (found === null || found.kind === 'Object' || found.kind === 'Array') return null
      return found.kind === 'String' ? found.value : found.text
    }
  },
  json_step: {
    evaluate: ([document, step]: readonly [string, string | bigint]) =>
      find(document, [typeof step === 'bigint' ? Number(step) : step])?.text ?? null
  }
}
