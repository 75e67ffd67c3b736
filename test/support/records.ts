import { openAvro } from '../oracle/avro-types.ts'
import { messageOf, openProtobuf } from '../oracle/protobuf.ts'
import { type ArrowValue, makeArrow } from './arrow/make-arrow.ts'

/** A record of a topic, as fixtures write it: bytes that are no UTF-8 stand as base64, or as what makes them. */
export interface FixtureRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly partition: number
  /** Of an input; a name may come several times. Of an output: those that are not the pipeline's own. */
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  /** Of a dead letter: what its headers say. */
  readonly error: { readonly code: string; readonly column: string | null } | null
  /** Of a table's change: what the header `miracledb.op` says. */
  readonly op: 'c' | 'u' | 'd' | null
}

/** Schemas of a registry, as JSON, by their ids. */
export type FixtureSchemas = Readonly<Record<string, unknown>>

/** Bytes that are no UTF-8 stand as base64, records in Avro as JSON, with the id of their schema if they name one. */
type Bytes =
  | string
  | null
  | { readonly base64: string }
  | { readonly avro: unknown; readonly schema?: number }
  | { readonly arrow: ArrowValue }
  | ProtobufValue

/** A message as JSON, with the id of its schema if it names one, and its name if it is not the first of its file. */
interface ProtobufValue {
  readonly protobuf: Readonly<Record<string, unknown>>
  readonly schema?: number
  readonly message?: string
  /** Where the message is in its file, as records say it. */
  readonly places?: readonly number[]
}

type Text = Exclude<
  Bytes,
  { readonly avro: unknown } | { readonly arrow: ArrowValue } | ProtobufValue
>

interface RecordLine {
  readonly key?: Bytes
  readonly value: Bytes
  readonly timestamp?: number
  readonly partition?: number
  readonly headers?: readonly (readonly [name: string, value: Text])[]
  readonly error?: FixtureRecord['error']
  readonly op?: FixtureRecord['op']
}

/** One record per line. */
export function parseRecords(text: string, schemas: FixtureSchemas = {}): FixtureRecord[] {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map(line => {
    const {
      key = null,
      value,
      timestamp = 0,
      partition = 0,
      headers = [],
      error = null,
      op = null
    } = JSON.parse(line) as RecordLine
    return {
      ...{
        key: valueBytes(key, schemas),
        value: valueBytes(value, schemas),
        timestamp,
        partition,
        error,
        op
      },
      headers: headers.map(([name, bytes]) => ({ key: name, value: toBytes(bytes) }))
    }
  })
}

/** As expectations hold records: timestamps and partitions are not compared. */
export function showRecords(
  records: readonly FixtureRecord[],
  schemas: FixtureSchemas = {}
): string {
  return records
    .map(({ key, value, headers = [], error, op }) => {
      const line: RecordLine = {
        ...(key === null ? {} : { key: showValue(key, schemas) }),
        value: showValue(value, schemas),
        ...(headers.length === 0 || error !== null ? {} : { headers: headers.map(showHeader) }),
        ...(error === null ? {} : { error }),
        ...(op === null ? {} : { op })
      }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}

function showHeader({ key, value }: NonNullable<FixtureRecord['headers']>[number]) {
  return [key, fromBytes(value)] as const
}

function valueBytes(value: Bytes, schemas: FixtureSchemas): Uint8Array | null {
  if (typeof value !== 'object' || value === null || 'base64' in value) return toBytes(value)
  if ('arrow' in value) return makeArrow(value.arrow)
  if ('protobuf' in value) return protobufBytes(value, schemas)
  const { avro, schema } = value
  const type = openAvro(JSON.stringify(schemas[String(schema ?? 'file')]))
  const bytes = type.toBuffer(type.fromString(JSON.stringify(avro)))
  return Uint8Array.from(schema === undefined ? bytes : Buffer.concat([frameOf(schema), bytes]))
}

function protobufBytes(value: ProtobufValue, schemas: FixtureSchemas): Uint8Array {
  const { protobuf, schema, message = null, places = [0] } = value
  const text = schemas[String(schema ?? 'file')] as string
  const type = messageOf(openProtobuf([text]), text, message)
  const bytes = type.encode(type.fromObject(protobuf)).finish()
  if (schema === undefined) return Uint8Array.from(bytes)
  // Numbers in zigzag, of one byte each; one of them alone is the first message.
  const path =
    places.length === 1 && places[0] === 0 ? [0] : [places.length, ...places].map(n => n * 2)
  return Uint8Array.from(Buffer.concat([frameOf(schema), Uint8Array.from(path), bytes]))
}

/** A zero and the id. */
export function frameOf(schema: number): Buffer {
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(schema, 1)
  return frame
}

function showValue(value: Uint8Array | null, schemas: FixtureSchemas): Bytes {
  if (value === null || value.length < 5 || value[0] !== 0) return fromBytes(value)
  const id = Buffer.from(value).readUInt32BE(1)
  const schema = schemas[id]
  if (schema === undefined || typeof schema === 'string') return fromBytes(value)
  try {
    const type = openAvro(JSON.stringify(schema))
    const avro = JSON.parse(type.toString(type.fromBuffer(Buffer.from(value.subarray(5)))))
    const shown = { avro: avro as unknown, schema: id }
    // JSON has no NaN.
    const again = valueBytes(shown, schemas)!
    return Buffer.compare(again, value) === 0 ? shown : fromBytes(value)
  } catch {
    return fromBytes(value)
  }
}

export function toBytes(bytes: Text): Uint8Array | null {
  if (bytes === null) return null
  if (typeof bytes === 'string') return new TextEncoder().encode(bytes)
  return Uint8Array.from(Buffer.from(bytes.base64, 'base64'))
}

export function fromBytes(bytes: Uint8Array | null): Text {
  if (bytes === null) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}
