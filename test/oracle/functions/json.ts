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

/** Names of members and places in arrays, as texts. */
function at(document: string, steps: readonly (string | null)[]): Json | null {
  let found: Json | null = parseDocument(document)
  for (const step of steps) {
    if (step === null || found === null) return null
    const isPlace = found.kind === 'Array' && /^[+-]?\d{1,9}$/.test(step)
    found = follow(found, [isPlace ? Number(step) : step])
  }
  return found?.kind === 'Null' ? null : found
}

function textAt(document: string, steps: readonly (string | null)[]): Value {
  const found = at(document, steps)
  return found?.kind === 'String' ? found.value : (found?.text ?? null)
}

function strip(json: Json): string {
  if (json.kind === 'Array') return `[${json.items.map(strip).join()}]`
  if (json.kind !== 'Object') return json.text
  const members = [...json.members].filter(([, value]) => value.kind !== 'Null')
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${strip(value)}`).join()}}`
}

type Steps = readonly [document: string, ...steps: string[]]
type Path = readonly [document: string, steps: readonly (string | null)[]]

export const jsonTwins: Twins = {
  json_path: { evaluate: ([document, steps]: Path) => at(document, steps)?.text ?? null },
  json_path_text: { evaluate: ([document, steps]: Path) => textAt(document, steps) },
  json_extract_path: {
    evaluate: ([document, ...steps]: Steps) => at(document, steps)?.text ?? null
  },
  json_extract_path_text: { evaluate: ([document, ...steps]: Steps) => textAt(document, steps) },
  json_strip_nulls: {
    evaluate: ([document]: readonly [string]) => {
      const json = parseDocument(document)
      return json.kind === 'Null' ? null : strip(json)
    }
  },
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
