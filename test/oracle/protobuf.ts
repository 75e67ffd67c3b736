import protobuf, { type Field, type Message, type Root, type Type } from 'protobufjs'
import type { BoundSource } from '../../compiler/ir/index.ts'
import { toBase64 } from './bytes.ts'
import { Failure } from './failure.ts'
import type { InputRecord } from './value.ts'

/** The types that files declare, as protobufjs reads them; well-known ones come with it. */
export function openProtobuf(texts: readonly string[]): Root {
  const root = new protobuf.Root()
  for (const name of ['timestamp', 'duration', 'wrappers', 'struct', 'empty', 'any']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)!.nested!)
  }
  for (const text of texts) protobuf.parse(text, root, { keepCase: true })
  root.resolveAll()
  return root
}

/** The first message of a file, or that of the name. */
export function messageOf(root: Root, text: string, name: string | null): Type {
  if (name !== null) return root.lookupType(name)
  return root.lookupType(/(?<!\w)message\s+(\w+)/.exec(text)![1]!)
}

/** A record that is a message of protobuf as a JSON document; throws a Failure where it is none. No elements are no vector. */
export function protobufDocument(
  source: BoundSource,
  record: InputRecord,
  vectors: readonly string[]
): Uint8Array {
  if (record.value === null) throw new Failure('null-value', 'no value')
  const { protoSchema = null } = source
  const { type, bytes } =
    protoSchema === null
      ? framed(record)
      : {
          type: messageOf(
            openProtobuf(protoSchema.files.map(({ text }) => text)),
            protoSchema.files[0]!.text,
            protoSchema.message
          ),
          bytes: record.value
        }
  try {
    return new TextEncoder().encode(showMessage(type, type.decode(bytes), vectors))
  } catch (error) {
    if (error instanceof Failure) throw error
    const text = String(error)
    if (text.includes('missing required')) throw new Failure('missing-required', text)
    const code = error instanceof RangeError ? 'truncated-protobuf' : 'malformed-protobuf'
    throw new Failure(code, text)
  }
}

/** A zero, the id of a schema, and the places of a message in its file. */
function framed({ value, schema }: InputRecord): {
  readonly type: Type
  readonly bytes: Uint8Array
} {
  if (value!.length < 5 || value![0] !== 0) throw new Failure('no-schema-id', 'no schema')
  if (schema === undefined) throw new Failure('unknown-schema', 'no such schema')
  const text = JSON.parse(schema) as unknown
  if (typeof text !== 'string') throw new Failure('wrong-schema', 'not of protobuf')
  const reader = protobuf.Reader.create(value!.subarray(5))
  const count = reader.sint32()
  const places = count === 0 ? [0] : Array.from({ length: count }, () => reader.sint32())
  const root = openProtobuf([text])
  let type = messageOf(root, text, null)
  let names: protobuf.NamespaceBase = type.parent!
  for (const place of places) {
    type = names.nestedArray.filter(one => one instanceof protobuf.Type)[place]!
    names = type
  }
  return { type, bytes: value!.subarray(5 + reader.pos) }
}

type Values = Readonly<Record<string, unknown>>

function showMessage(type: Type, message: Message, vectors: readonly string[] = []): string {
  const values = message as unknown as Values
  const members = type.fieldsArray.flatMap(field => {
    field.resolve()
    const value = valueOf(field, values)
    const isNone = value === null || (value === '[]' && vectors.includes(field.name))
    return isNone ? [] : [`${JSON.stringify(field.name)}:${value}`]
  })
  return `{${members.join(',')}}`
}

/** Null: the field is not there. */
function valueOf(field: Field, values: Values): string | null {
  const isThere = Object.hasOwn(values, field.name)
  if (field instanceof protobuf.MapField) {
    const entries = Object.entries((isThere ? values[field.name] : {}) as Values)
    const shown = entries.map(([key, value]) => {
      const name = /64$/.test(field.keyType) ? showLongKey(key) : key
      return `${JSON.stringify(name)}:${showOne(field, value)}`
    })
    return `{${shown.join(',')}}`
  }
  if (field.repeated) {
    const items = (isThere ? values[field.name] : []) as readonly unknown[]
    return `[${items.map(item => showOne(field, item)).join(',')}]`
  }
  if (isThere) return showOne(field, values[field.name])
  const isDeclared = field.options?.['default'] !== undefined
  const isImplicit = !field.hasPresence && !(field.resolvedType instanceof protobuf.Type)
  return isImplicit || isDeclared ? showOne(field, field.typeDefault) : null
}

function showLongKey(key: string): string {
  return key.length === 8 ? String(protobuf.util.LongBits.fromHash(key).toLong()) : key
}

function showOne({ type, resolvedType }: Field, value: unknown): string {
  if (resolvedType instanceof protobuf.Enum) {
    return JSON.stringify(resolvedType.valuesById[Number(value)] ?? String(value))
  }
  if (resolvedType instanceof protobuf.Type) {
    return (
      showWellKnown(resolvedType, value as Values) ?? showMessage(resolvedType, value as Message)
    )
  }
  if (type === 'bytes') return JSON.stringify(toBase64(value as Uint8Array))
  if (type === 'string') return JSON.stringify(value)
  return String(value)
}

function showWellKnown(type: Type, values: Values): string | null {
  if (!type.fullName.startsWith('.google.protobuf.')) return null
  const { name } = type
  if (name.endsWith('Value') && type.fields['value'] !== undefined) {
    return showOne(
      type.fields['value'].resolve(),
      values['value'] ?? type.fields['value'].typeDefault
    )
  }
  if (name === 'Timestamp' || name === 'Duration') {
    const ms = Number(values['seconds'] ?? 0) * 1000 + Number(values['nanos'] ?? 0) / 1e6
    if (name === 'Timestamp') return JSON.stringify(new Date(Math.floor(ms)).toISOString())
    return JSON.stringify(`PT${Math.trunc(ms) / 1000}S`)
  }
  return ['Struct', 'ListValue', 'Value'].includes(name) ? showDynamic(type, values) : null
}

function showDynamic({ name }: Pick<Type, 'name'>, values: Values): string {
  const inner = (value: unknown): string => showDynamic({ name: 'Value' }, value as Values)
  if (name === 'Struct') {
    const members = Object.entries((values['fields'] ?? {}) as Values)
    return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${inner(value)}`).join(',')}}`
  }
  if (name === 'ListValue') {
    return `[${((values['values'] ?? []) as readonly unknown[]).map(inner).join(',')}]`
  }
  const has = (field: string): boolean => Object.hasOwn(values, field)
  if (has('structValue')) return showDynamic({ name: 'Struct' }, values['structValue'] as Values)
  if (has('listValue')) return showDynamic({ name: 'ListValue' }, values['listValue'] as Values)
  const plain = ['numberValue', 'stringValue', 'boolValue'].find(has)
  return plain === undefined ? 'null' : JSON.stringify(values[plain])
}
