import type { ValueType } from '../contract/index.ts'
import { makeInterval } from '../sql/interval.ts'
import { timestampFromEpoch, type TimestampUnit } from '../sql/timestamp.ts'
import { fail, FIXED64, LENGTH, type ProtoCursor, VARINT } from './proto-cursor.ts'
import type { ProtoScalar } from './resolve-proto.ts'
import { type FieldReader, scalarReader } from './scalar-reader.ts'

const PREFIX = 'google.protobuf.'

/** Messages of Google's whose values are scalars in SQL; null: it is none, or the type is none that it is read as. */
export function wellKnownReader(
  fullName: string,
  type: ValueType,
  unit: TimestampUnit
): FieldReader | null {
  if (!fullName.startsWith(PREFIX)) return null
  const name = fullName.slice(PREFIX.length)
  const { kind } = type
  if (name === 'Timestamp' && (kind === 'Timestamp' || kind === 'TimestampTz'))
    return message(readTimestamp)
  if (name === 'Duration' && kind === 'Interval') return message(readDuration)
  if (kind === 'Json' && (name === 'Struct' || name === 'Value' || name === 'ListValue')) {
    return message({ Struct: readStruct, Value: readValue, ListValue: readList }[name])
  }
  const scalar = wrapped[name]
  const inner = scalar === undefined ? null : scalarReader(scalar, type, unit)
  return inner === null ? null : message(c => readWrapped(c, inner))
}

const wrapped: Readonly<Record<string, ProtoScalar>> = {
  DoubleValue: 'double',
  FloatValue: 'float',
  Int64Value: 'int64',
  UInt64Value: 'uint64',
  Int32Value: 'int32',
  UInt32Value: 'uint32',
  BoolValue: 'bool',
  StringValue: 'string',
  BytesValue: 'bytes'
}

function message(read: (c: ProtoCursor) => unknown): FieldReader {
  return { wire: LENGTH, read, implicit: null }
}

/** Calls `visit` at each field of a message, behind its tag: what it does not take, and answers false for, is passed over. */
export function readFields(c: ProtoCursor, visit: (tag: number) => boolean): void {
  const outer = c.end
  const length = c.length()
  c.end = c.pos + length
  c.enter()
  while (c.pos < c.end) {
    const tag = c.tag()
    if (!visit(tag)) c.skip(tag)
  }
  c.depth--
  c.end = outer
}

function tagOf(field: number, wire: number): number {
  return field * 8 + wire
}

function readWrapped(c: ProtoCursor, { wire, read, implicit }: FieldReader): unknown {
  let value = implicit
  readFields(c, tag => {
    if (tag !== tagOf(1, wire)) return false
    value = read(c, null)
    return true
  })
  return value
}

/** Seconds and nanoseconds. */
function readTime(c: ProtoCursor): readonly [seconds: number, nanos: number] {
  let seconds = 0
  let nanos = 0
  readFields(c, tag => {
    if (tag === tagOf(1, VARINT)) {
      c.varint()
      seconds = Number(c.signed())
    } else if (tag === tagOf(2, VARINT)) {
      c.varint()
      nanos = c.low | 0
    } else return false
    return true
  })
  return [seconds, nanos]
}

function readTimestamp(c: ProtoCursor): number {
  const [seconds, nanos] = readTime(c)
  const time = timestampFromEpoch(seconds * 1000 + Math.floor(nanos / 1e6), 'ms')
  return time === time ? time : fail('invalid-timestamp')
}

function readDuration(c: ProtoCursor): unknown {
  const [seconds, nanos] = readTime(c)
  const ms = seconds * 1000 + Math.trunc(nanos / 1e6)
  return Number.isSafeInteger(ms) ? makeInterval(0, 0, ms) : fail('out-of-range')
}

function readStruct(c: ProtoCursor): string {
  const members = new Map<string, string>()
  readFields(c, tag => {
    if (tag !== tagOf(1, LENGTH)) return false
    let key = ''
    let value = 'null'
    readFields(c, inner => {
      if (inner === tagOf(1, LENGTH)) key = c.text()
      else if (inner === tagOf(2, LENGTH)) value = readValue(c)
      else return false
      return true
    })
    members.set(key, value)
    return true
  })
  const shown = [...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`)
  return `{${shown.join(',')}}`
}

function readList(c: ProtoCursor): string {
  const items: string[] = []
  readFields(c, tag => {
    if (tag !== tagOf(1, LENGTH)) return false
    items.push(readValue(c))
    return true
  })
  return `[${items.join(',')}]`
}

/** As Google's JSON has it; of several kinds the last counts. */
function readValue(c: ProtoCursor): string {
  let value = 'null'
  readFields(c, tag => {
    const found = valueAt(tag, c)
    if (found === null) return false
    value = found
    return true
  })
  return value
}

function valueAt(tag: number, c: ProtoCursor): string | null {
  switch (tag) {
    case tagOf(1, VARINT):
      c.varint()
      return 'null'
    case tagOf(2, FIXED64): {
      const number = c.view.getFloat64(c.take(8), true)
      return Number.isFinite(number) ? JSON.stringify(number) : fail('malformed-json')
    }
    case tagOf(3, LENGTH):
      return JSON.stringify(c.text())
    case tagOf(4, VARINT):
      c.varint()
      return String(c.low !== 0 || c.high !== 0)
    case tagOf(5, LENGTH):
      return readStruct(c)
    case tagOf(6, LENGTH):
      return readList(c)
    default:
      return null
  }
}
