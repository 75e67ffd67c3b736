import type { ProtoField, ProtoMessage } from '../../runtime/protobuf/proto-file.ts'
import { ProtoSyntaxError } from '../../runtime/protobuf/proto-file.ts'
import {
  ProtoFiles,
  type ProtoScalar,
  type ProtoText,
  type ProtoType,
  ProtoUnresolved
} from '../../runtime/protobuf/resolve-proto.ts'
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DOUBLE,
  type InferredColumn,
  type InferredColumns,
  INT,
  INTERVAL,
  JSON_TYPE,
  REAL,
  type SqlType,
  TEXT,
  TIMESTAMPTZ
} from '../types/index.ts'

/** The columns that a message's fields are; null stands for the file's first message. A string says what is wrong with the files. */
export function inferMessage(
  texts: readonly ProtoText[],
  message: string | null
): InferredColumns | string {
  try {
    const files = new ProtoFiles(texts)
    return new Inference(files).columnsOf(files.message(message))
  } catch (error) {
    if (error instanceof ProtoSyntaxError || error instanceof ProtoUnresolved) return error.message
    throw error
  }
}

class Inference {
  readonly #files: ProtoFiles
  /** Fields of which nothing can be made: a message is read without them. */
  readonly #left: { readonly name: string; readonly what: string }[] = []

  constructor(files: ProtoFiles) {
    this.#files = files
  }

  columnsOf(message: ProtoMessage): InferredColumns {
    const columns = this.#typed(message, { messages: [message], path: '' })
    return { columns: columns.map(column => ({ ...column, default: null })), left: this.#left }
  }

  /** The fields that have a type. */
  #typed(message: ProtoMessage, within: Within): Omit<InferredColumn, 'default'>[] {
    return message.fields.flatMap(field => {
      const { name } = field
      const path = `${within.path}${name}`
      const type = this.#fieldType(field, message, { ...within, path: `${path}.` })
      if (type !== null) return [{ name, type }]
      this.#left.push({ name: path, what: field.type })
      return []
    })
  }

  /** Null: no type of SQL holds all of its values. */
  #fieldType(field: ProtoField, message: ProtoMessage, within: Within): SqlType | null {
    const own = this.#files.typeOf(field, message)
    if (own.kind === 'message' && own.message.isMapEntry) return this.#mapType(own.message, within)
    const type = this.#typeOf(own, within)
    return type === null || !field.isRepeated ? type : { kind: 'Array', element: type }
  }

  #mapType(entry: ProtoMessage, within: Within): SqlType | null {
    const value = this.#fieldType(entry.fields[1]!, entry, within)
    return value === null ? null : { kind: 'Map', value }
  }

  #typeOf(type: ProtoType, within: Within): SqlType | null {
    switch (type.kind) {
      case 'scalar':
        return scalars[type.scalar]
      case 'enum':
        return TEXT
      case 'message':
        return wellKnown[type.message.fullName] ?? this.#rowType(type.message, within)
      case 'group':
        return null
    }
  }

  #rowType(message: ProtoMessage, within: Within): SqlType | null {
    // One that holds itself has no end.
    if (within.messages.includes(message)) return null
    const inner = { ...within, messages: [...within.messages, message] }
    const fields = this.#typed(message, inner).map(field => ({ ...field, nullable: true }))
    return fields.length === 0 ? null : { kind: 'Row', fields }
  }
}

/** The messages around a field, and what its name has before it. */
interface Within {
  readonly messages: readonly ProtoMessage[]
  readonly path: string
}

const scalars: Readonly<Record<ProtoScalar, SqlType>> = {
  double: DOUBLE,
  float: REAL,
  int32: INT,
  sint32: INT,
  sfixed32: INT,
  int64: BIGINT,
  sint64: BIGINT,
  sfixed64: BIGINT,
  uint32: BIGINT,
  fixed32: BIGINT,
  // The largest has 20 digits.
  uint64: { kind: 'Decimal', precision: 20, scale: 0 },
  fixed64: { kind: 'Decimal', precision: 20, scale: 0 },
  bool: BOOLEAN,
  string: TEXT,
  bytes: BYTES
}

/** What the runtime reads as scalars: see runtime/protobuf/well-known.ts. */
const wellKnown: Readonly<Record<string, SqlType>> = {
  'google.protobuf.Timestamp': TIMESTAMPTZ,
  'google.protobuf.Duration': INTERVAL,
  'google.protobuf.Struct': JSON_TYPE,
  'google.protobuf.Value': JSON_TYPE,
  'google.protobuf.ListValue': JSON_TYPE,
  'google.protobuf.DoubleValue': DOUBLE,
  'google.protobuf.FloatValue': REAL,
  'google.protobuf.Int64Value': BIGINT,
  'google.protobuf.UInt64Value': scalars.uint64,
  'google.protobuf.Int32Value': INT,
  'google.protobuf.UInt32Value': BIGINT,
  'google.protobuf.BoolValue': BOOLEAN,
  'google.protobuf.StringValue': TEXT,
  'google.protobuf.BytesValue': BYTES
}
