import { validateJson } from '../codec/skip.ts'
import type { ColumnType } from '../contract/index.ts'
import { MAX_DATE, MIN_DATE } from '../sql/calendar.ts'
import {
  castDecimal,
  type Decimal,
  decimalFromInteger,
  fit,
  makeDecimal,
  parseDecimal
} from '../sql/decimal.ts'
import { makeInterval } from '../sql/interval.ts'
import { parseInterval } from '../sql/interval-text.ts'
import {
  parseDate,
  parseTimeOfDay,
  parseTimestamp,
  timestampFromEpoch,
  type TimestampUnit
} from '../sql/timestamp.ts'
import { ValueError } from '../sql/value-error.ts'
import { type AvroCursor, type AvroFailureCode, fail } from './cursor.ts'
import type { AvroFixed, AvroSchema } from './schema.ts'
import type { Slots } from './slots.ts'

/** Reads a value, which is not null, and leaves it in a slot. */
export type Store = (c: AvroCursor, s: Slots, slot: number) => void

/** What reads a type of Avro that is neither a union nor made of others into a column; null: they do not fit. */
export function scalarStore(
  writer: AvroSchema,
  type: ColumnType,
  unit: TimestampUnit
): Store | null {
  return stores[type.kind]?.(writer, type, unit) ?? null
}

type FindStore = (writer: AvroSchema, type: ColumnType, unit: TimestampUnit) => Store | null

/** An int or a long, whatever it means: the number is the value. */
function isInteger({ kind }: AvroSchema): boolean {
  return kind === 'int' || kind === 'long'
}

const storeBoolean: Store = (c, s, slot) => {
  s.number[slot] = c.boolean() ? 1 : 0
}
const storeInt: Store = (c, s, slot) => {
  s.number[slot] = c.int()
}
const storeNarrowInt: Store = (c, s, slot) => {
  const value = c.long()
  s.number[slot] = value === (value | 0) ? value : fail('out-of-range')
}
const storeSmallInt: Store = (c, s, slot) => {
  const value = c.long()
  s.number[slot] = value === (value << 16) >> 16 ? value : fail('out-of-range')
}
const storeBigInt: Store = (c, s, slot) => {
  const value = c.long()
  s.number[slot] = value
  if (value === Infinity) s.wide[slot] = c.wide
}

const realStores: Partial<Record<AvroSchema['kind'], Store>> = {
  float: (c, s, slot) => {
    s.number[slot] = c.float()
    s.isNull[slot] = 0
  },
  double: (c, s, slot) => storeReal(s, slot, c.double()),
  int: (c, s, slot) => storeReal(s, slot, c.int()),
  long: (c, s, slot) => storeReal(s, slot, longAsDouble(c))
}
const doubleStores: Partial<Record<AvroSchema['kind'], Store>> = {
  float: realStores.float!,
  double: (c, s, slot) => {
    s.number[slot] = c.double()
    s.isNull[slot] = 0
  },
  int: (c, s, slot) => {
    s.number[slot] = c.int()
    s.isNull[slot] = 0
  },
  long: (c, s, slot) => {
    s.number[slot] = longAsDouble(c)
    s.isNull[slot] = 0
  }
}

function storeReal(s: Slots, slot: number, value: number): void {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded) && Number.isFinite(value)) fail('out-of-range')
  s.number[slot] = rounded
  s.isNull[slot] = 0
}

function longAsDouble(c: AvroCursor): number {
  const value = c.long()
  return value === Infinity ? Number(c.wide) : value
}

type DecimalType = Extract<ColumnType, { kind: 'Decimal' }>

function decimalStore(writer: AvroSchema, { precision, scale }: DecimalType): Store | null {
  const read = decimalReader(writer)
  if (read === null) return null
  return (c, s, slot) => {
    s.object[slot] = valueOr('out-of-range', () => {
      const value = read(c)
      // Without a size of its own it is as it comes, if so many digits are there at all.
      if (precision === null) return fit(value.unscaled, value.scale)
      return castDecimal(value, precision, scale!)
    })
  }
}

function decimalReader(writer: AvroSchema): ((c: AvroCursor) => Decimal) | null {
  if (isInteger(writer)) {
    return c => {
      const value = c.long()
      return decimalFromInteger(value === Infinity ? c.wide : value)
    }
  }
  if (writer.kind === 'string') return c => parseDecimal(c.text()) ?? fail('wrong-type')
  if (writer.kind !== 'bytes' && writer.kind !== 'fixed') return null
  const { logical } = writer
  if (logical?.kind !== 'decimal') return null
  const { scale } = logical
  if (writer.kind === 'bytes') return c => makeDecimal(unscaled(c, c.length()), scale)
  const { size } = writer as AvroFixed
  return c => makeDecimal(unscaled(c, size), scale)
}

/** Beyond so many bytes a number has more than 38 digits, whatever its scale. */
const LONGEST_DECIMAL = 64

/** Two's complement, the highest byte first. */
function unscaled(c: AvroCursor, length: number): bigint {
  if (length === 0) return 0n
  const start = c.pos
  c.skip(length)
  const { bytes } = c
  const end = start + length
  const isNegative = bytes[start]! >= 0x80
  const sign = isNegative ? 0xff : 0
  let at = start
  while (at < end && bytes[at] === sign) at++
  if (end - at > LONGEST_DECIMAL) return fail('out-of-range')
  // Six bytes are a safe integer.
  if (end - at <= 6) {
    let value = isNegative ? -1 : 0
    for (; at < end; at++) value = value * 256 + bytes[at]!
    return BigInt(value)
  }
  let value = isNegative ? -1n : 0n
  for (; at < end; at++) value = value * 256n + BigInt(bytes[at]!)
  return value
}

function textStore(writer: AvroSchema): Store | null {
  switch (writer.kind) {
    case 'string':
      return storeText
    case 'bytes':
      return writer.logical === null ? storeText : null
    case 'enum': {
      const { symbols } = writer
      return (c, s, slot) => {
        s.object[slot] = symbols[c.index(symbols.length)]!
      }
    }
    case 'fixed':
      return writer.logical?.kind === 'uuid' ? storeUuid : null
    default:
      return null
  }
}

const storeText: Store = (c, s, slot) => {
  s.object[slot] = c.text()
}

const storeUuid: Store = (c, s, slot) => {
  const hex = Buffer.from(c.bytesOf(16)).toString('hex')
  s.object[slot] = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const storeJson: Store = (c, s, slot) => {
  const length = c.length()
  const start = c.pos
  const text = c.textOf(length)
  if (!validateJson(c.bytes, start, c.pos)) fail('wrong-type')
  s.object[slot] = text.trim()
}

function bytesStore(writer: AvroSchema): Store | null {
  switch (writer.kind) {
    case 'bytes':
    case 'string':
      return (c, s, slot) => {
        s.object[slot] = c.bytesOf(c.length())
      }
    case 'fixed': {
      const { size } = writer
      return (c, s, slot) => {
        s.object[slot] = c.bytesOf(size)
      }
    }
    default:
      return null
  }
}

function intervalStore(writer: AvroSchema): Store | null {
  if (writer.kind === 'string') {
    return (c, s, slot) => {
      const text = c.text()
      s.object[slot] = valueOr('invalid-interval', () => parseInterval(text))
    }
  }
  if (writer.kind !== 'fixed' || writer.logical?.kind !== 'duration') return null
  return (c, s, slot) => {
    const at = c.pos
    c.skip(12)
    const [months, days, ms] = [0, 4, 8].map(part => c.view.getUint32(at + part, true))
    s.object[slot] = valueOr('out-of-range', () => makeInterval(months!, days!, ms!))
  }
}

/** What a value that SQL has none for is as a bad record. */
function valueOr<T>(code: AvroFailureCode, make: () => T | null): T {
  try {
    return make() ?? fail(code)
  } catch (error) {
    return error instanceof ValueError ? fail(code) : raise(error)
  }
}

function raise(error: unknown): never {
  throw error
}

function dateStore(writer: AvroSchema): Store | null {
  if (writer.kind === 'string') return timeTextStores.Date
  const meaning = meaningOf(writer)
  return meaning === 'date' || meaning === 'int' ? storeDate : null
}

function timeOfDayStore(writer: AvroSchema): Store | null {
  if (writer.kind === 'string') return timeTextStores.Time
  const meaning = meaningOf(writer)
  // An int of no meaning is what Debezium has for milliseconds.
  if (meaning === 'time-millis' || meaning === 'int') return storeTimeMillis
  return meaning === 'time-micros' ? storeTimeMicros : null
}

function timestampStore(writer: AvroSchema, unit: TimestampUnit): Store | null {
  if (writer.kind === 'string') return timeTextStores.Timestamp
  const meaning = meaningOf(writer)
  if (meaning === null) return null
  if (meaning === 'date') return storeMidnight
  if (meaning === 'int' || meaning === 'long') return epochStore(unit)
  const known = timestampUnits[meaning]
  return known === undefined ? null : epochStore(known)
}

/** What a number means, or else its type; null: it is none. */
function meaningOf(writer: AvroSchema): string | null {
  if (writer.kind !== 'int' && writer.kind !== 'long') return null
  return writer.logical?.kind ?? writer.kind
}

const timestampUnits: Readonly<Record<string, TimestampUnit>> = {
  'timestamp-millis': 'ms',
  'timestamp-micros': 'us',
  'timestamp-nanos': 'ns',
  'local-timestamp-millis': 'ms',
  'local-timestamp-micros': 'us',
  'local-timestamp-nanos': 'ns'
}

const storeDate: Store = (c, s, slot) => {
  const days = c.int()
  s.number[slot] = days < MIN_DATE || days > MAX_DATE ? fail('invalid-date') : days
}
const storeMidnight: Store = (c, s, slot) => {
  const days = c.int()
  s.number[slot] =
    days < MIN_DATE || days > MAX_DATE ? fail('invalid-timestamp') : days * MS_PER_DAY
}
const MS_PER_DAY = 86_400_000

const storeTimeMillis: Store = (c, s, slot) => storeTime(s, slot, c.int())
const storeTimeMicros: Store = (c, s, slot) => storeTime(s, slot, Math.floor(c.long() / 1000))

/** 24:00:00 is midnight at the end of the day. */
function storeTime(s: Slots, slot: number, ms: number): void {
  s.number[slot] = ms >= 0 && ms <= MS_PER_DAY ? ms : fail('invalid-time')
}

function epochStore(unit: TimestampUnit): Store {
  return (c, s, slot) => {
    const value = c.long()
    const time = timestampFromEpoch(value === Infinity ? c.wide : value, unit)
    s.number[slot] = time === time ? time : fail('invalid-timestamp')
  }
}

type ParseTime = (bytes: Uint8Array, start: number, end: number) => number

function textOfTime(parse: ParseTime, code: AvroFailureCode): Store {
  return (c, s, slot) => {
    const length = c.length()
    const start = c.pos
    c.skip(length)
    const value = parse(c.bytes, start, c.pos)
    s.number[slot] = value === value ? value : fail(code)
  }
}

const timeTextStores = {
  Date: textOfTime(
    (bytes, start, end) => (end - start === 10 ? parseDate(bytes, start, end) : NaN),
    'invalid-date'
  ),
  Time: textOfTime(parseTimeOfDay, 'invalid-time'),
  Timestamp: textOfTime(parseTimestamp, 'invalid-timestamp')
}

const timestamps: FindStore = (writer, _, unit) => timestampStore(writer, unit)

const stores: Readonly<Partial<Record<ColumnType['kind'], FindStore>>> = {
  Boolean: ({ kind }) => (kind === 'boolean' ? storeBoolean : null),
  SmallInt: writer => (isInteger(writer) ? storeSmallInt : null),
  Int: ({ kind }) => (kind === 'int' ? storeInt : kind === 'long' ? storeNarrowInt : null),
  BigInt: writer => (isInteger(writer) ? storeBigInt : null),
  Real: ({ kind }) => realStores[kind] ?? null,
  Double: ({ kind }) => doubleStores[kind] ?? null,
  Decimal: (writer, type) => decimalStore(writer, type as DecimalType),
  Text: textStore,
  Bytes: bytesStore,
  Json: ({ kind }) => (kind === 'string' ? storeJson : null),
  Interval: intervalStore,
  Date: dateStore,
  Time: timeOfDayStore,
  Timestamp: timestamps,
  TimestampTz: timestamps
}
