/** What a `.proto` file declares, as far as messages on the wire are concerned: https://protobuf.dev/reference/protobuf/proto3-spec/ */
export interface ProtoFile {
  readonly package: string
  readonly imports: readonly string[]
  readonly messages: readonly ProtoMessage[]
  readonly enums: readonly ProtoEnum[]
}

export interface ProtoMessage {
  readonly name: string
  /** With the package and the messages around it, dots between. */
  readonly fullName: string
  readonly fields: readonly ProtoField[]
  readonly messages: readonly ProtoMessage[]
  readonly enums: readonly ProtoEnum[]
  /** What a map is on the wire: fields `key` and `value`. */
  readonly isMapEntry: boolean
}

export interface ProtoField {
  readonly name: string
  readonly number: number
  /** As it is written: a scalar, or the name of a message or an enum. */
  readonly type: string
  readonly isRepeated: boolean
  /** Whether a field that is not there has no value; false: it has its type's default. */
  readonly hasPresence: boolean
  readonly isRequired: boolean
  /** `[default = ...]` of proto2, as it is written; null: there is none. */
  readonly default: string | null
  /** Of a group: its fields stand between two marks. */
  readonly isGroup: boolean
}

export interface ProtoEnum {
  readonly name: string
  readonly fullName: string
  readonly values: readonly { readonly name: string; readonly number: number }[]
  /** In proto3 a number without a name is a value too. */
  readonly isOpen: boolean
}

/** Where a text is no `.proto`. */
export class ProtoSyntaxError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(`${message} (line ${line})`)
    this.line = line
  }
}
