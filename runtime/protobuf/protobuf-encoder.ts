import type { RecordWriter } from '../codec/record-writer.ts'
import type { ColumnType } from '../contract/index.ts'
import { formatDate, formatTimeOfDay } from '../sql/date-text.ts'
import { type Decimal, formatDecimal } from '../sql/decimal.ts'
import type { Interval } from '../sql/interval.ts'
import { formatIsoInterval } from '../sql/interval-text.ts'
import { MessageWriter } from './message-writer.ts'
import { FIXED32, FIXED64, LENGTH, VARINT } from './proto-cursor.ts'

export type RowEncoder = (writer: RecordWriter, row: readonly unknown[]) => void

/**
 * What writes rows as messages of the file that compiler/protobuf/derive-message.ts makes of their columns, behind the id of the schema
 * and the place of the message in it, which is the first. A NULL inside of an array or a map is nothing that protobuf can say: the writer
 * refuses the row. Made once, at start. Cost: a pass over the row, and a copy.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function protobufEncoder(columns: readonly ColumnType[]): RowEncoder {
  const encode = rowEncoder(columns)
  const message = new MessageWriter()
  return (writer, row) => {
    message.reset()
    if (!encode(message, row)) writer.refuse()
    writer.frame()
    // The path of the first message is a zero.
    writer.byte(0)
    writer.raw(message.taken())
  }
}

/** Writes a field with its tag, or a value without; false: there is a NULL in it. */
type ValueEncoder = (message: MessageWriter, value: unknown) => boolean

function rowEncoder(types: readonly ColumnType[]): ValueEncoder {
  const fields = types.map((type, i) => fieldEncoder(type, i + 1))
  return (message, row) => {
    let isWhole = true
    fields.forEach((field, i) => {
      const value = (row as readonly unknown[])[i]
      if (value !== null && value !== undefined) isWhole = field(message, value) && isWhole
    })
    return isWhole
  }
}

function fieldEncoder(type: ColumnType, number: number): ValueEncoder {
  switch (type.kind) {
    case 'Array':
      return arrayEncoder(type.element, number)
    case 'Vector':
      return arrayEncoder({ kind: 'Double' }, number)
    case 'Map':
      return mapEncoder(type.value, number)
    default: {
      const tag = tagOf(number, wireOf(type))
      const write = valueEncoder(type)
      return (message, value) => {
        message.varint(tag)
        return write(message, value)
      }
    }
  }
}

/** Numbers are packed, as proto3 has it. */
function arrayEncoder(element: ColumnType, number: number): ValueEncoder {
  const wire = wireOf(element)
  const write = valueEncoder(element)
  const isPacked = wire !== LENGTH
  const tag = tagOf(number, isPacked ? LENGTH : wire)
  return (message, value) => {
    const items = value as ArrayLike<unknown>
    if (items.length === 0) return true
    let isWhole = true
    const writeAll = (): void => {
      for (let i = 0; i < items.length; i++) {
        const item = items[i]
        if (item === null || item === undefined) isWhole = false
        else {
          if (!isPacked) message.varint(tag)
          isWhole = write(message, item) && isWhole
        }
      }
    }
    if (isPacked) {
      message.varint(tag)
      message.sized(writeAll)
    } else writeAll()
    return isWhole
  }
}

/** Each entry is a message of a key and a value. */
function mapEncoder(type: ColumnType, number: number): ValueEncoder {
  const tag = tagOf(number, LENGTH)
  const valueTag = tagOf(2, wireOf(type))
  const write = valueEncoder(type)
  return (message, value) => {
    let isWhole = true
    for (const [key, item] of value as ReadonlyMap<string, unknown>) {
      if (item === null) isWhole = false
      else {
        message.varint(tag)
        message.sized(() => {
          message.varint(tagOf(1, LENGTH))
          message.text(key)
          message.varint(valueTag)
          isWhole = write(message, item) && isWhole
        })
      }
    }
    return isWhole
  }
}

function tagOf(number: number, wire: number): number {
  return number * 8 + wire
}

function wireOf({ kind }: ColumnType): number {
  switch (kind) {
    case 'Boolean':
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return VARINT
    case 'Real':
      return FIXED32
    case 'Double':
      return FIXED64
    default:
      return LENGTH
  }
}

function valueEncoder(type: ColumnType): ValueEncoder {
  if (type.kind === 'Row') {
    const write = rowEncoder(type.fields.map(field => field.type))
    return (message, value) => {
      let isWhole = true
      message.sized(() => {
        isWhole = write(message, value)
      })
      return isWhole
    }
  }
  const write = scalars[type.kind]!
  return (message, value) => {
    write(message, value)
    return true
  }
}

const scalars: Readonly<
  Partial<Record<ColumnType['kind'], (message: MessageWriter, value: unknown) => void>>
> = {
  Boolean: (message, value) => message.varint(value === true ? 1 : 0),
  SmallInt: (message, value) => message.varint(value as number),
  Int: (message, value) => message.varint(value as number),
  BigInt: (message, value) => message.varintWide(value as number | bigint),
  Real: (message, value) => message.float(value as number),
  Double: (message, value) => message.double(value as number),
  Text: (message, value) => message.text(value as string),
  Json: (message, value) => message.text(value as string),
  Bytes: (message, value) => message.bytes(value as Uint8Array),
  Date: (message, value) => message.text(formatDate(value as number)),
  Time: (message, value) => message.text(formatTimeOfDay(value as number)),
  Interval: (message, value) => message.text(formatIsoInterval(value as Interval)),
  Decimal: (message, value) => message.text(formatDecimal(value as Decimal)),
  Timestamp: (message, value) => writeTimestamp(message, value as number),
  TimestampTz: (message, value) => writeTimestamp(message, value as number)
}

/** Seconds and nanoseconds, which count up also before 1970; what is 0 is not there. */
function writeTimestamp(message: MessageWriter, time: number): void {
  const seconds = Math.floor(time / 1000)
  const nanos = (time - seconds * 1000) * 1_000_000
  message.sized(() => {
    if (seconds !== 0) {
      message.varint(tagOf(1, VARINT))
      message.varint(seconds)
    }
    if (nanos !== 0) {
      message.varint(tagOf(2, VARINT))
      message.varint(nanos)
    }
  })
}
