import type { RecordWriter } from '../codec/record-writer.ts'
import type { ColumnType } from '../contract/index.ts'
import { type Decimal, roundDecimal } from '../sql/decimal.ts'
import type { Interval } from '../sql/interval.ts'
import { formatIsoInterval } from '../sql/interval-text.ts'

/** Writes a value, which is not NULL. */
export type AvroEncoder = (writer: RecordWriter, value: unknown) => void

export function avroBoolean(writer: RecordWriter, value: boolean): void {
  writer.byte(value ? 1 : 0)
}

/** As text: Avro's durations have no signs. */
export function avroInterval(writer: RecordWriter, value: Interval): void {
  writer.sizedText(formatIsoInterval(value))
}

/** What writes the values of a type in the schema that compiler/avro/derive-schema.ts makes of it. Made once, at start. */
export function avroEncoder(type: ColumnType): AvroEncoder {
  switch (type.kind) {
    case 'Array':
      return encodeArray(orNull(type.element))
    case 'Map':
      return encodeMap(orNull(type.value))
    case 'Row':
      return encodeRow(type.fields.map(field => orNull(field.type)))
    case 'Vector':
      return encodeVector
    case 'Decimal': {
      const scale = type.scale ?? 0
      return (writer, value) => encodeDecimal(writer, value as Decimal, scale)
    }
    default:
      return scalars[type.kind]!
  }
}

/** Null is the first branch of each union. */
function orNull(type: ColumnType): AvroEncoder {
  const encode = avroEncoder(type)
  return (writer, value) => {
    if (value === null || value === undefined) return writer.zigzag(0)
    writer.zigzag(1)
    encode(writer, value)
  }
}

/** All items are one block, behind which an empty one ends them. */
function encodeArray(item: AvroEncoder): AvroEncoder {
  return (writer, value) => {
    const values = value as readonly unknown[]
    if (values.length > 0) {
      writer.zigzag(values.length)
      for (const one of values) item(writer, one)
    }
    writer.zigzag(0)
  }
}

function encodeMap(one: AvroEncoder): AvroEncoder {
  return (writer, value) => {
    const entries = value as ReadonlyMap<string, unknown>
    if (entries.size > 0) {
      writer.zigzag(entries.size)
      for (const [key, item] of entries) {
        writer.sizedText(key)
        one(writer, item)
      }
    }
    writer.zigzag(0)
  }
}

function encodeRow(fields: readonly AvroEncoder[]): AvroEncoder {
  return (writer, value) => {
    const row = value as readonly unknown[]
    fields.forEach((field, i) => field(writer, row[i]))
  }
}

const encodeVector: AvroEncoder = (writer, value) => {
  const values = value as Float64Array
  if (values.length > 0) {
    writer.zigzag(values.length)
    for (const one of values) writer.float64(one)
  }
  writer.zigzag(0)
}

/** Two's complement, the highest byte first, in as few bytes as hold it. */
function encodeDecimal(writer: RecordWriter, value: Decimal, scale: number): void {
  const { unscaled } = value.scale === scale ? value : roundDecimal(value, scale)
  const size = unscaled < 0n ? -unscaled - 1n : unscaled
  const length = Math.floor(size.toString(2).length / 8) + 1
  const hex = BigInt.asUintN(length * 8, unscaled)
    .toString(16)
    .padStart(length * 2, '0')
  writer.sizedBytes(Buffer.from(hex, 'hex'))
}

const scalars: Readonly<Partial<Record<ColumnType['kind'], AvroEncoder>>> = {
  Boolean: (writer, value) => avroBoolean(writer, value as boolean),
  Interval: (writer, value) => avroInterval(writer, value as Interval),
  SmallInt: (writer, value) => writer.zigzag(value as number),
  Int: (writer, value) => writer.zigzag(value as number),
  BigInt: (writer, value) => writer.zigzagWide(value as number | bigint),
  Real: (writer, value) => writer.float32(value as number),
  Double: (writer, value) => writer.float64(value as number),
  Text: (writer, value) => writer.sizedText(value as string),
  Json: (writer, value) => writer.sizedText(value as string),
  Bytes: (writer, value) => writer.sizedBytes(value as Uint8Array),
  Date: (writer, value) => writer.zigzag(value as number),
  Time: (writer, value) => writer.zigzag(value as number),
  Timestamp: (writer, value) => writer.zigzag(value as number),
  TimestampTz: (writer, value) => writer.zigzag(value as number)
}
