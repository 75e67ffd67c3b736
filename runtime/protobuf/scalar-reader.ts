import { validateJson } from '../codec/skip.ts'
import type { ValueType } from '../contract/index.ts'
import { castDecimal, decimalFromInteger, fit } from '../sql/decimal.ts'
import { timestampFromEpoch, type TimestampUnit } from '../sql/timestamp.ts'
import { ValueError } from '../sql/value-error.ts'
import { fail, FIXED32, FIXED64, LENGTH, type ProtoCursor, VARINT } from './proto-cursor.ts'
import type { ProtoEnum } from './proto-file.ts'
import type { ProtoScalar } from './resolve-proto.ts'

/** How one value of a field is read into a SQL type. */
export interface FieldReader {
  /** How the value is written behind its tag. */
  readonly wire: number
  /** `before`: of a message that comes in several parts, what came of it. */
  read(c: ProtoCursor, before: unknown): unknown
  /** Of a field without presence that is not there. */
  readonly implicit: unknown
}

type Integer = number | bigint

/** Null: values of the scalar are none of the SQL type. */
export function scalarReader(
  scalar: ProtoScalar,
  type: ValueType,
  unit: TimestampUnit
): FieldReader | null {
  const integer = integers[scalar]
  if (integer !== undefined) {
    const convert = fromInteger(type, unit)
    if (convert === null) return null
    const { wire, read } = integer
    return { wire, read: c => convert(read(c)), implicit: convert(0) }
  }
  return others[scalar]?.(type) ?? null
}

const integers: Partial<
  Record<ProtoScalar, { readonly wire: number; read(c: ProtoCursor): Integer }>
> = {
  int32: { wire: VARINT, read: c => (c.varint(), c.low | 0) },
  int64: { wire: VARINT, read: c => (c.varint(), c.signed()) },
  uint32: { wire: VARINT, read: c => (c.varint(), c.low) },
  uint64: { wire: VARINT, read: c => (c.varint(), c.unsigned()) },
  sint32: { wire: VARINT, read: c => (c.varint(), (c.low >>> 1) ^ -(c.low & 1)) },
  sint64: { wire: VARINT, read: c => (c.varint(), c.zigzag()) },
  fixed32: { wire: FIXED32, read: c => (c.fixed32(), c.low) },
  sfixed32: { wire: FIXED32, read: c => (c.fixed32(), c.low | 0) },
  fixed64: { wire: FIXED64, read: c => (c.fixed64(), c.unsigned()) },
  sfixed64: { wire: FIXED64, read: c => (c.fixed64(), c.signed()) }
}

/** Null: an integer is none of the type's values. */
export function fromInteger(
  type: ValueType,
  unit: TimestampUnit
): ((value: Integer) => unknown) | null {
  switch (type.kind) {
    case 'SmallInt':
      return value => within(value, -32768, 32767)
    case 'Int':
      return value => within(value, -2147483648, 2147483647)
    case 'BigInt':
      return value =>
        typeof value === 'bigint' && BigInt.asIntN(64, value) !== value
          ? fail('out-of-range')
          : value
    case 'Real':
      return value => Math.fround(Number(value))
    case 'Double':
      return Number
    case 'Decimal': {
      const { precision, scale } = type
      return value => {
        const { unscaled } = decimalFromInteger(value)
        if (precision === null) return fit(unscaled, 0)
        try {
          return castDecimal({ unscaled, scale: 0 }, precision, scale ?? 0)
        } catch (error) {
          if (error instanceof ValueError) return fail('out-of-range')
          throw error
        }
      }
    }
    case 'Timestamp':
    case 'TimestampTz':
      return value => {
        const time = timestampFromEpoch(value, unit)
        return time === time ? time : fail('invalid-timestamp')
      }
    default:
      return null
  }
}

function within(value: Integer, least: number, most: number): Integer {
  return typeof value === 'bigint' || value < least || value > most ? fail('out-of-range') : value
}

const others: Partial<Record<ProtoScalar, (type: ValueType) => FieldReader | null>> = {
  bool: ({ kind }) =>
    kind === 'Boolean'
      ? { wire: VARINT, read: c => (c.varint(), c.low !== 0 || c.high !== 0), implicit: false }
      : null,
  float: ({ kind }) =>
    kind === 'Real' || kind === 'Double'
      ? { wire: FIXED32, read: c => c.view.getFloat32(c.take(4), true), implicit: 0 }
      : null,
  double: ({ kind }) => {
    if (kind === 'Double') {
      return { wire: FIXED64, read: c => c.view.getFloat64(c.take(8), true), implicit: 0 }
    }
    return kind === 'Real' ? { wire: FIXED64, read: readReal, implicit: 0 } : null
  },
  string: ({ kind }) => {
    if (kind === 'Json') return { wire: LENGTH, read: readJson, implicit: null }
    return kind === 'Text' ? { wire: LENGTH, read: c => c.text(), implicit: '' } : null
  },
  bytes: ({ kind }) =>
    kind === 'Bytes' ? { wire: LENGTH, read: c => c.bytesOf(), implicit: new Uint8Array(0) } : null
}

function readReal(c: ProtoCursor): number {
  const wide = c.view.getFloat64(c.take(8), true)
  const value = Math.fround(wide)
  return Number.isFinite(value) || !Number.isFinite(wide) ? value : fail('out-of-range')
}

function readJson(c: ProtoCursor): string {
  const text = c.text()
  const bytes = new TextEncoder().encode(text)
  return validateJson(bytes, 0, bytes.length) ? text.trim() : fail('malformed-json')
}

/** TEXT: the name, and of a number without one its digits. An integer: the number. */
export function enumReader({ values }: ProtoEnum, type: ValueType): FieldReader | null {
  if (type.kind === 'Text') {
    const names = new Map(values.toReversed().map(({ name, number }) => [number, name]))
    const nameOf = (number: number): string => names.get(number) ?? String(number)
    const [first] = values
    return {
      wire: VARINT,
      read: c => (c.varint(), nameOf(c.low | 0)),
      implicit: first === undefined ? '0' : nameOf(first.number)
    }
  }
  if (type.kind !== 'SmallInt' && type.kind !== 'Int' && type.kind !== 'BigInt') return null
  const convert = fromInteger(type, 'auto')!
  return {
    wire: VARINT,
    read: c => (c.varint(), convert(c.low | 0)),
    implicit: values[0]?.number ?? 0
  }
}
