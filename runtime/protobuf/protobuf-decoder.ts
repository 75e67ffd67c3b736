import { FRAME_SIZE, readSchemaId } from '../codec/schema-frame.ts'
import type { RecordError, SchemaLookup, SchemaText, ValueType } from '../contract/index.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import { MessagePlan, ProtoMisfit } from './message-plan.ts'
import { failureText, type ProtoFailureCode, ProtoCursor, ProtoFailure } from './proto-cursor.ts'
import { ProtoSyntaxError } from './proto-file.ts'
import { ProtoFiles, type ProtoText, ProtoUnresolved } from './resolve-proto.ts'

/** A column that is read from a message. */
export interface ProtobufColumn {
  readonly name: string
  readonly type: ValueType
  /** The type as the script writes it. */
  readonly sql: string
  /** The fields to follow from the message. */
  readonly path: readonly string[]
  readonly notNull: boolean
  /** For a field that is missing, as generated code has it; null: NULL. */
  readonly missing: unknown
}

/** The message that all records are, where they name none. */
export interface ProtobufSchema {
  /** The file that declares it, and behind it those that it imports. */
  readonly files: readonly ProtoText[]
  /** Null: the file's first. */
  readonly message: string | null
}

/** Why no record of a message can be read. */
export interface ProtobufProblem {
  readonly code: 'wrong-schema' | 'wrong-type'
  readonly message: string
  readonly column: number | null
}

/**
 * Reads records that are messages of protobuf into `values`, one per column. For each message that they are there is a plan, made when the
 * first such record comes, of what takes the fields that are wanted; others are passed over where they stand.
 */
export class ProtobufDecoder {
  /** Of the record that was read last; NULL is null. */
  readonly values: unknown[] = []
  readonly #columns: readonly ProtobufColumn[]
  readonly #unit: TimestampUnit
  readonly #cursor = new ProtoCursor()
  readonly #only: MessagePlan | ProtobufProblem | null
  #lookup: SchemaLookup | null = null
  /** By the schema's id and the message's places in its file. */
  readonly #plans = new Map<string, MessagePlan | ProtobufProblem>()
  #lastId = -1
  #last: MessagePlan | null = null
  #error: RecordError | null = null

  constructor(
    columns: readonly ProtobufColumn[],
    unit: TimestampUnit,
    schema: ProtobufSchema | null = null
  ) {
    this.#columns = columns
    this.#unit = unit
    this.#only = schema === null ? null : planRecords(columns, unit, schema)
  }

  /** To be called when the pipeline opens, where records name their schemas. */
  open(lookup: SchemaLookup): void {
    this.#lookup = lookup
  }

  /** Whether the record is a row, whose values are there then; else `error` says why not. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (start < 0) return this.#reject('null-value', 'the record has no value')
    const cursor = this.#cursor
    cursor.move(bytes, start, end)
    try {
      const plan = this.#only === null ? this.#planOf(bytes, start, end) : this.#known(this.#only)
      if (plan === null) return false
      plan.clear(this.values)
      plan.read(cursor, this.values)
      return this.#finish()
    } catch (error) {
      if (!(error instanceof ProtoFailure)) throw error
      return this.#failed(error.code, cursor, start)
    }
  }

  /** Why the last record was none. */
  error(): RecordError {
    return this.#error!
  }

  #failed(code: ProtoFailureCode, { column, pos }: ProtoCursor, start: number): false {
    const text = `${failureText(code)} (byte ${pos - start})`
    if (column < 0 || ofRecord.has(code)) return this.#reject(code, text)
    const { name, sql } = this.#columns[column]!
    return this.#reject(code, `column "${name}" ${sql}: ${text}`, column)
  }

  #finish(): boolean {
    const { values } = this
    for (let i = 0; i < this.#columns.length; i++) {
      const { type, notNull } = this.#columns[i]!
      if (type.kind === 'Vector') {
        const items = values[i] as readonly number[]
        // No elements are no vector.
        if (items.length === 0) values[i] = null
        else if (items.length !== type.dimensions) return this.#bad('wrong-dimensions', i)
        else values[i] = Float64Array.from(items)
      }
      if (notNull && values[i] === null) return this.#bad('missing-value', i)
    }
    return true
  }

  /** The plan of the message that a record says it is, with the cursor behind what says so. */
  #planOf(bytes: Uint8Array, start: number, end: number): MessagePlan | null {
    const id = readSchemaId(bytes, start, end)
    if (id < 0) {
      const message = 'the value does not begin with the id of a schema: a zero and four bytes'
      this.#reject('no-schema-id', message)
      return null
    }
    const cursor = this.#cursor
    cursor.pos = start + FRAME_SIZE
    // The first message of a file, as most are.
    if (id === this.#lastId && bytes[cursor.pos] === 0 && cursor.pos < end) {
      cursor.pos++
      return this.#last
    }
    const schema = this.#schema(id)
    if (schema === null) return null
    const places = readPlaces(cursor)
    const key = `${id} ${places.join('.')}`
    let found = this.#plans.get(key)
    if (found === undefined) {
      found = planRegistered(this.#columns, this.#unit, schema, places)
      this.#plans.set(key, found)
    }
    const plan = this.#known(found, `schema ${id}: `)
    const isFirst = places.length === 1 && places[0] === 0
    this.#lastId = plan !== null && isFirst ? id : -1
    this.#last = plan
    return plan
  }

  /** Null: the record was rejected. */
  #schema(id: number): SchemaText | null {
    const found = this.#lookup!.find(id)
    if ('code' in found) {
      // It may be there when it is asked for again.
      const { code, message, attempt = 1 } = found
      this.#error = { code, message, attempt, column: null, site: -1 }
      return null
    }
    if (found.type === 'PROTOBUF') return found
    this.#reject('wrong-schema', `schema ${id}: it is ${found.type} and not PROTOBUF`)
    return null
  }

  #known(plan: MessagePlan | ProtobufProblem, which = ''): MessagePlan | null {
    if (plan instanceof MessagePlan) return plan
    this.#reject(plan.code, which + plan.message, plan.column)
    return null
  }

  #bad(code: ProtoFailureCode, column: number): false {
    const { name, sql } = this.#columns[column]!
    return this.#reject(code, `column "${name}" ${sql}: ${failureText(code)}`, column)
  }

  #reject(code: string, message: string, column: number | null = null): false {
    const name = column === null ? null : this.#columns[column]!.name
    this.#error = { code, message, column: name, site: -1 }
    return false
  }
}

/** Failures that are no column's fault. */
const ofRecord: ReadonlySet<ProtoFailureCode> = new Set([
  ...(['malformed-protobuf', 'truncated-protobuf', 'missing-required'] as const),
  ...(['nested-too-deep', 'invalid-utf8'] as const)
])

/** Where in its file a message stands: a list of numbers, of which a zero says that it is the first. */
function readPlaces(cursor: ProtoCursor): number[] {
  cursor.varint()
  const count = Number(cursor.zigzag())
  if (count === 0) return [0]
  if (count < 0 || count > 100) throw malformed()
  return Array.from({ length: count }, () => {
    cursor.varint()
    return Number(cursor.zigzag())
  })
}

function malformed(): ProtoFailure {
  const failure = new ProtoFailure('the places of the message are damaged')
  failure.code = 'malformed-protobuf'
  return failure
}

function planRegistered(
  columns: readonly ProtobufColumn[],
  unit: TimestampUnit,
  { text, references }: SchemaText,
  places: readonly number[]
): MessagePlan | ProtobufProblem {
  return planOrProblem(() => {
    const files = new ProtoFiles([{ name: '', text }, ...references])
    const message = files.messageAt(places)
    if (message === null) throw new ProtoUnresolved(`it has no message at ${places.join('.')}`)
    return planColumns(columns, unit, files, message)
  })
}

/** How records of one message are read, or why they can't be: the compiler asks it too. */
export function planRecords(
  columns: readonly ProtobufColumn[],
  unit: TimestampUnit,
  { files, message }: ProtobufSchema
): MessagePlan | ProtobufProblem {
  return planOrProblem(() => {
    const declared = new ProtoFiles(files)
    return planColumns(columns, unit, declared, declared.message(message))
  })
}

function planColumns(
  columns: readonly ProtobufColumn[],
  unit: TimestampUnit,
  files: ProtoFiles,
  message: ReturnType<ProtoFiles['message']>
): MessagePlan {
  let next = columns.length
  const wanted = columns.map(({ path, type, missing }, target) => {
    return { path, type, target, otherwise: missing ?? undefined }
  })
  return new MessagePlan(files, message, wanted, { unit, isRecord: true, spare: () => next++ })
}

function planOrProblem(plan: () => MessagePlan): MessagePlan | ProtobufProblem {
  try {
    return plan()
  } catch (error) {
    if (error instanceof ProtoMisfit) {
      return { code: 'wrong-type', message: error.message, column: error.target }
    }
    if (!(error instanceof ProtoSyntaxError || error instanceof ProtoUnresolved)) throw error
    return { code: 'wrong-schema', message: error.message, column: null }
  }
}
