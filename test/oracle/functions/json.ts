import { showJson } from '../show.ts'
import { follow } from '../decode.ts'
import { Failure } from '../failure.ts'
import { type Json, parseJson } from '../json.ts'
import { parsePath } from '../json-path.ts'
import type { Value } from '../value.ts'
import type { CallTypes, Twins } from './entry.ts'

const MAX_DEPTH = 512

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

const kinds: { readonly [K in Json['kind']]: string } = {
  Null: 'null',
  True: 'boolean',
  False: 'boolean',
  Number: 'number',
  String: 'string',
  Array: 'array',
  Object: 'object'
}

/** Keys and values in turn, as JSON. */
function object(parts: readonly (string | null)[]): string {
  const members = parts.flatMap((part, i) => {
    if (i % 2 === 1) return []
    const key = part === null ? null : parseDocument(part)
    if (key === null || key.kind === 'Object' || key.kind === 'Array') {
      throw new Failure('invalid-json-key', 'no key')
    }
    const text = key.kind === 'String' ? key.text : JSON.stringify(key.text)
    return [`${text}:${parts[i + 1] ?? 'null'}`]
  })
  return `{${members.join(',')}}`
}

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
  json_exists: {
    evaluate: ([document, path]: Call) => follow(parseDocument(document), parsePath(path)) !== null
  },
  json_step: {
    evaluate: ([document, step]: readonly [string, string | bigint]) =>
      find(document, [typeof step === 'bigint' ? Number(step) : step])?.text ?? null
  },
  json_array_length: {
    evaluate: ([document]: readonly [string]) => {
      const json = parseDocument(document)
      if (json.kind !== 'Array') throw new Failure('not-an-array', json.kind)
      return BigInt(json.items.length)
    }
  },
  json_typeof: {
    evaluate: ([document]: readonly [string]) => kinds[parseDocument(document).kind]
  },
  to_json: {
    evaluate: ([value]: readonly [Exclude<Value, null>], { types }: CallTypes) =>
      types[0]!.kind === 'Json' ? value : showJson(value, types[0]!)
  },
  json_object: { takesNull: true, evaluate: object },
  json_array: {
    takesNull: true,
    evaluate: (items: readonly (string | null)[]) =>
      `[${items.filter(item => item !== null).join()}]`
  },
  json_build_array: {
    takesNull: true,
    evaluate: (items: readonly (string | null)[]) => `[${items.map(item => item ?? 'null').join()}]`
  }
}
