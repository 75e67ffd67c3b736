import { readLogicalType } from './logical-type.ts'
import type { AvroEnum, AvroField, AvroFixed, AvroPrimitive, AvroSchema } from './schema.ts'

/** The text is no schema of Avro. */
export class SchemaSyntaxError extends Error {
  override readonly name = 'SchemaSyntaxError'
}

/** Types inside one another: what is deeper is no schema that anybody wrote. */
const MAX_DEPTH = 200

type Names = Map<string, AvroSchema>
type JsonObject = Readonly<Record<string, unknown>>

interface Place {
  readonly names: Names
  /** Of the named type around it; empty: none. */
  readonly namespace: string
  readonly depth: number
}

const primitives: readonly string[] = [
  ...(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const)
]

/**
 * Reads a schema and those that it refers to, each of which comes before those that refer to it. Throws a SchemaSyntaxError. Of
 * documentation, aliases and orders nothing is kept.
 */
export function parseSchema(text: string, references: readonly string[] = []): AvroSchema {
  const names: Names = new Map()
  const parse = (source: string): AvroSchema =>
    readSchema(parseJson(source), { names, namespace: '', depth: 0 })
  for (const reference of references) parse(reference)
  return parse(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A bare name, as some tools write primitive types.
    if (primitives.includes(text.trim())) return text.trim()
    throw new SchemaSyntaxError('the schema is not JSON')
  }
}

function readSchema(json: unknown, place: Place): AvroSchema {
  if (place.depth > MAX_DEPTH) throw new SchemaSyntaxError('the schema is nested too deep')
  if (typeof json === 'string') return findType(json, place)
  if (Array.isArray(json)) return readUnion(json, place)
  if (typeof json !== 'object' || json === null)
    throw new SchemaSyntaxError('a type is a name, an object or an array')
  const object = json as JsonObject
  const { type } = object
  const inner = { ...place, depth: place.depth + 1 }
  switch (type) {
    case 'array':
      return { kind: 'array', items: readSchema(object['items'], inner) }
    case 'map':
      return { kind: 'map', values: readSchema(object['values'], inner) }
    case 'record':
    case 'error':
      return readRecord(object, inner)
    case 'enum':
      return readEnum(object, inner)
    case 'fixed':
      return readFixed(object, inner)
    default: {
      const base = readSchema(type, inner)
      if (!isPrimitive(base)) return base
      return { kind: base.kind, logical: readLogicalType(object, base.kind, null) }
    }
  }
}

function isPrimitive(schema: AvroSchema): schema is AvroPrimitive {
  return primitives.includes(schema.kind)
}

function findType(name: string, { names, namespace }: Place): AvroSchema {
  if (primitives.includes(name)) {
    return { kind: name as AvroPrimitive['kind'], logical: null }
  }
  const known =
    names.get(namespace === '' || name.includes('.') ? name : `${namespace}.${name}`) ??
    names.get(name)
  if (known === undefined) throw new SchemaSyntaxError(`no type is called "${name}"`)
  return known
}

function readUnion(json: readonly unknown[], place: Place): AvroSchema {
  if (json.length === 0) throw new SchemaSyntaxError('a union has no types')
  const inner = { ...place, depth: place.depth + 1 }
  const branches = json.map(branch => readSchema(branch, inner))
  if (branches.some(({ kind }) => kind === 'union'))
    throw new SchemaSyntaxError('a union is directly inside of another')
  return { kind: 'union', branches }
}

/** The whole name of a type, which is known from now on. */
function declareName(
  object: JsonObject,
  { names, namespace }: Place
): { readonly name: string; readonly namespace: string; declare(schema: AvroSchema): void } {
  const { name, namespace: own } = object
  if (typeof name !== 'string' || name === '')
    throw new SchemaSyntaxError('a record, enum or fixed has no name')
  const around = typeof own === 'string' ? own : namespace
  const full = name.includes('.') || around === '' ? name : `${around}.${name}`
  if (names.has(full)) throw new SchemaSyntaxError(`two types are called "${full}"`)
  const dot = full.lastIndexOf('.')
  return {
    name: full,
    namespace: dot < 0 ? '' : full.slice(0, dot),
    declare: schema => void names.set(full, schema)
  }
}

function readRecord(object: JsonObject, place: Place): AvroSchema {
  const { name, namespace, declare } = declareName(object, place)
  const fields: AvroField[] = []
  const record = { kind: 'record', name, fields } as const
  // Before its fields, which may refer to it.
  declare(record)
  if (!Array.isArray(object['fields']))
    throw new SchemaSyntaxError(`the record ${name} has no fields`)
  for (const field of object['fields'] as readonly unknown[]) {
    const { name: fieldName, type, ...rest } = (field ?? {}) as JsonObject
    if (typeof fieldName !== 'string')
      throw new SchemaSyntaxError(`a field of the record ${name} has no name`)
    if (fields.some(other => other.name === fieldName))
      throw new SchemaSyntaxError(`the record ${name} has two fields "${fieldName}"`)
    const schema = readSchema(type, { ...place, namespace })
    const given = 'default' in rest ? { default: rest['default'] } : {}
    fields.push({ name: fieldName, schema, ...given })
  }
  return record
}

function readEnum(object: JsonObject, place: Place): AvroSchema {
  const { name, declare } = declareName(object, place)
  const symbols = object['symbols']
  if (!Array.isArray(symbols) || !symbols.every(symbol => typeof symbol === 'string'))
    throw new SchemaSyntaxError(`the enum ${name} has no symbols`)
  const schema: AvroEnum = { kind: 'enum', name, symbols }
  declare(schema)
  return schema
}

function readFixed(object: JsonObject, place: Place): AvroSchema {
  const { name, declare } = declareName(object, place)
  const size = object['size']
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || size > 2 ** 31)
    throw new SchemaSyntaxError(`the fixed ${name} has no size`)
  const schema: AvroFixed = {
    ...{ kind: 'fixed', name, size },
    logical: readLogicalType(object, 'fixed', size)
  }
  declare(schema)
  return schema
}
