import { parseProto } from './parse-proto.ts'
import type { ProtoEnum, ProtoField, ProtoFile, ProtoMessage } from './proto-file.ts'

/** Scalars of protobuf. */
export type ProtoScalar =
  | ('double' | 'float' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'sint32' | 'sint64')
  | ('fixed32' | 'fixed64' | 'sfixed32' | 'sfixed64' | 'bool' | 'string' | 'bytes')

/** What the values of a field are. */
export type ProtoType =
  | { readonly kind: 'scalar'; readonly scalar: ProtoScalar }
  | { readonly kind: 'enum'; readonly enum: ProtoEnum }
  | { readonly kind: 'message'; readonly message: ProtoMessage }
  | { readonly kind: 'group'; readonly message: ProtoMessage }

/** The text of a file, and the name by which others import it. */
export interface ProtoText {
  readonly name: string
  readonly text: string
}

/** Why files declare no such message. */
export class ProtoUnresolved extends Error {}

const scalars: ReadonlySet<string> = new Set([
  ...['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64'],
  ...['fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes']
])

/** The declarations of a file and of those that it imports; the first of `texts` is the file itself. */
export class ProtoFiles {
  readonly #main: ProtoFile
  readonly #messages = new Map<string, ProtoMessage>()
  readonly #enums = new Map<string, ProtoEnum>()

  /** Throws a ProtoSyntaxError. */
  constructor(texts: readonly ProtoText[]) {
    const files = [...texts.map(({ text }) => parseProto(text)), parseProto(WELL_KNOWN)]
    this.#main = files[0]!
    for (const file of files.reverse()) this.#add(file)
  }

  #add({ messages, enums }: Pick<ProtoFile, 'messages' | 'enums'>): void {
    for (const message of messages) {
      this.#messages.set(message.fullName, message)
      this.#add(message)
    }
    for (const one of enums) this.#enums.set(one.fullName, one)
  }

  /** The message of that name, with the file's package or without; null: the file's only one, or else its first. */
  message(name: string | null): ProtoMessage {
    const [first] = this.#main.messages
    if (name === null) {
      if (first === undefined) throw new ProtoUnresolved('the file declares no message')
      return first
    }
    const { package: prefix } = this.#main
    const found = this.#messages.get(name) ?? this.#messages.get(`${prefix}.${name}`)
    if (found === undefined) throw new ProtoUnresolved(`the file declares no message "${name}"`)
    return found
  }

  /** The message at these places of the file, from the outside in. */
  messageAt(places: readonly number[]): ProtoMessage | null {
    let messages = this.#main.messages
    let found: ProtoMessage | null = null
    for (const place of places) {
      // The entries of maps are messages of their own, which stand where the maps do.
      found = messages[place] ?? null
      if (found === null) return null
      messages = found.messages
    }
    return found
  }

  /** What the values of a field are: its type's name is looked for from the message outwards. */
  typeOf({ type, isGroup }: ProtoField, { fullName }: ProtoMessage): ProtoType {
    if (scalars.has(type)) return { kind: 'scalar', scalar: type as ProtoScalar }
    for (const name of candidates(type, fullName)) {
      const message = this.#messages.get(name)
      if (message !== undefined) return { kind: isGroup ? 'group' : 'message', message }
      const found = this.#enums.get(name)
      if (found !== undefined) return { kind: 'enum', enum: found }
    }
    throw new ProtoUnresolved(`the type "${type}" of "${fullName}" is declared nowhere`)
  }
}

function candidates(type: string, within: string): string[] {
  if (type.startsWith('.')) return [type.slice(1)]
  const parts = within.split('.')
  return Array.from({ length: parts.length + 1 }, (_, i) =>
    [...parts.slice(0, parts.length - i), type].join('.')
  )
}

/** Of https://protobuf.dev/reference/protobuf/google.protobuf/, those whose values are no messages in SQL: see well-known.ts. */
const WELL_KNOWN = `
syntax = "proto3";
package google.protobuf;
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message DoubleValue { double value = 1; }
message FloatValue { float value = 1; }
message Int64Value { int64 value = 1; }
message UInt64Value { uint64 value = 1; }
message Int32Value { int32 value = 1; }
message UInt32Value { uint32 value = 1; }
message BoolValue { bool value = 1; }
message StringValue { string value = 1; }
message BytesValue { bytes value = 1; }
message Empty {}
message Any { string type_url = 1; bytes value = 2; }
message FieldMask { repeated string paths = 1; }
message Struct { map<string, Value> fields = 1; }
message ListValue { repeated Value values = 1; }
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}
enum NullValue { NULL_VALUE = 0; }
`
