import { ArrowFault } from './arrow-fault.ts'
import { type ArrowField, readFields, UnknownType } from './arrow-type.ts'
import { BatchReader, type BatchBody, type Dictionaries, MOST_ROWS } from './arrow-vector.ts'
import { type FlatTable } from './flat-table.ts'
import { BATCH, DICTIONARY, type Message, readMessages, SCHEMA } from './read-messages.ts'
import { type Unpack, type Unpackers } from './unpack-buffer.ts'

/** A record batch that was found, and what it needs to be read. */
export interface FoundBatch {
  /** The record's, and the positions of messages in them. */
  readonly bytes: Uint8Array
  readonly version: number
  readonly rows: number
  readonly fields: readonly ArrowField[]
  readonly schema: Message
  /** Those before it. */
  readonly dictionaries: readonly Message[]
  /** Reads it from its first field on. */
  open(): BatchReader
}

/** The record needs something that has to be loaded first. */
export class NotLoaded extends Error {}

/** Reads the fields of schemas, which are the same for most records of a topic. */
export class SchemaReader {
  #last: Uint8Array = new Uint8Array(0)
  #fields: readonly ArrowField[] = []

  read(bytes: Uint8Array, { header, start, bodyStart }: Message): readonly ArrowField[] {
    const own = bytes.subarray(start, bodyStart)
    if (Buffer.compare(own, this.#last) === 0) return this.#fields
    if (header.short(0) !== 0) throw new UnknownType('numbers in big-endian order')
    this.#fields = readFields(header)
    this.#last = new Uint8Array(own)
    return this.#fields
  }
}

/** The record batches in a record's value, in order. Throws an ArrowFault where it is no Arrow, and NotLoaded. */
export function findBatches(
  bytes: Uint8Array,
  start: number,
  end: number,
  schemas: SchemaReader,
  unpackers: Unpackers
): FoundBatch[] {
  return orMalformed(() => {
    const [schema, ...messages] = readMessages(bytes, start, end)
    if (schema?.kind !== SCHEMA) throw new RangeError('it does not begin with a schema')
    const fields = schemas.read(bytes, schema)
    return readBatches(bytes, { schema, fields }, messages, unpackers)
  })
}

/** What is damaged is the record's fault. */
export function orMalformed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnknownType) {
      throw new ArrowFault('unsupported-arrow', `Arrow with ${error.message} can't be read`)
    }
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error
    throw new ArrowFault('malformed-arrow', `the value is no Arrow IPC stream: ${error.message}`)
  }
}

function readBatches(
  bytes: Uint8Array,
  { schema, fields }: Pick<FoundBatch, 'schema' | 'fields'>,
  messages: readonly Message[],
  unpackers: Unpackers
): FoundBatch[] {
  const known: Dictionaries = new Map()
  const before: Message[] = []
  const found: FoundBatch[] = []
  for (const message of messages) {
    const { kind, header, bodyStart, bodyEnd, version } = message
    const body = { bytes, start: bodyStart, end: bodyEnd, version }
    if (kind === DICTIONARY) {
      readDictionary(header, fields, body, unpackers, known)
      before.push(message)
    } else if (kind === BATCH) {
      const rows = header.long(0)
      if (rows > MOST_ROWS) {
        throw new ArrowFault('too-many-rows', `a record batch of more than ${MOST_ROWS} rows`)
      }
      const unpack = unpackOf(header, unpackers)
      const dictionaries = new Map(known)
      const open = (): BatchReader => new BatchReader(header, body, unpack, dictionaries)
      found.push({ bytes, version, rows, fields, schema, dictionaries: [...before], open })
    } else throw new RangeError(`a message of kind ${kind}`)
  }
  return found
}

/** Null: its buffers are not packed. */
function unpackOf(batch: FlatTable, unpackers: Unpackers): Unpack | null {
  const compression = batch.table(3)
  if (compression === null) return null
  const unpack = unpackers.find(compression.byte(0))
  if (unpack === null) throw new NotLoaded()
  return unpack
}

function readDictionary(
  header: FlatTable,
  fields: readonly ArrowField[],
  body: BatchBody,
  unpackers: Unpackers,
  known: Dictionaries
): void {
  const id = header.long(0)
  const data = header.table(1)
  const field = fieldOf(id, fields)
  if (data === null || field === null) throw new RangeError('a dictionary of nothing')
  const reader = new BatchReader(data, body, unpackOf(data, unpackers), known)
  const vector = reader.read({ ...field, dictionary: null })
  const isDelta = header.byte(2) === 1
  known.set(id, isDelta ? [...(known.get(id) ?? []), vector] : [vector])
}

function fieldOf(id: number, fields: readonly ArrowField[]): ArrowField | null {
  for (const field of fields) {
    if (field.dictionary?.id === id) return field
    const inside = fieldOf(id, field.children)
    if (inside !== null) return inside
  }
  return null
}
