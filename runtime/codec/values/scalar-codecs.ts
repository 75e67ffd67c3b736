import { bytesFromBase64, bytesToBase64 } from '../../sql/bytes.ts'
import { type Decimal, formatDecimal } from '../../sql/decimal.ts'
import { formatIsoInterval, parseInterval } from '../../sql/interval-text.ts'
import type { Interval } from '../../sql/interval.ts'
import type { TimestampUnit } from '../../sql/timestamp.ts'
import { ValueError } from '../../sql/value-error.ts'
import { BACKSLASH, MINUS, QUOTE, ZERO } from '../ascii.ts'
import { Bad, bad } from '../failure.ts'
import { readBoolean } from '../read-boolean.ts'
import { readDate, readTime } from '../read-date.ts'
import { rangeDecimal, readDecimal } from '../read-decimal.ts'
import { bigintAt, rangeDouble, readBigInt, readDouble, readInt } from '../read-number.ts'
import { readReal } from '../read-real.ts'
import { readSmallInt } from '../read-small-int.ts'
import { rangeText, readJson, readText } from '../read-text.ts'
import { readTimestamp } from '../read-timestamp.ts'
import type { RecordWriter } from '../record-writer.ts'
import { skipString, skipValue } from '../skip.ts'
import { decodeString, utf8Text } from '../string.ts'
import { type Codec, DIFFERENT, isNull } from './codec.ts'

// The primitives of columns do the reading, into these.
const number = new Float64Array(1)
const wide: (bigint | null)[] = [null]
const text: (string | null)[] = [null]
const decimal: (Decimal | null)[] = [null]
const range = new Int32Array(2)

type Primitive = (
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
) => number
type Check = Codec<unknown>['check']
type Write<T> = (writer: RecordWriter, value: T) => void

/** Of a type whose values are stored as numbers, NULL as NaN. */
function numberCodec(read: Primitive, check: Check, write: Write<number>): Codec<number> {
  const codec: Codec<number> = {
    value: null,
    read(bytes, pos, end) {
      const after = read(bytes, pos, end, number, 0)
      const value = number[0]!
      codec.value = value === value ? value : null
      return after
    },
    check,
    write
  }
  return codec
}

/** Only null is the same in every spelling that is read. */
const onlyNull: Check = (bytes, pos) => (isNull(bytes, pos) ? pos + 4 : DIFFERENT)

/** An integer in digits; -0 is none that a writer writes. */
function integerCheck(read: Primitive): Check {
  return (bytes, pos, end) => {
    if (bytes[pos] === QUOTE || (bytes[pos] === MINUS && bytes[pos + 1] === ZERO)) return DIFFERENT
    return positionOr(read(bytes, pos, end, number, 0))
  }
}

function positionOr(after: number): number {
  return after < 0 ? DIFFERENT : after
}

const writeInt: Write<number> = (writer, value) => writer.int(value)

export const smallintCodec = numberCodec(readSmallInt, integerCheck(readSmallInt), writeInt)
export const intCodec = numberCodec(readInt, integerCheck(readInt), writeInt)
export const doubleCodec = numberCodec(
  readDouble,
  (bytes, pos, end) => positionOr(rangeDouble(bytes, pos, end, range, 0)),
  (writer, value) => writer.double(value)
)
export const realCodec = numberCodec(readReal, onlyNull, (writer, value) => writer.real(value))
export const dateCodec = numberCodec(
  readDate,
  (bytes, pos, end) => {
    if (bytes[pos] !== QUOTE && !isNull(bytes, pos)) return DIFFERENT
    return positionOr(readDate(bytes, pos, end, number, 0))
  },
  (writer, value) => writer.date(value)
)
export const timeCodec = numberCodec(readTime, onlyNull, (writer, value) => writer.time(value))

/** TIMESTAMP and TIMESTAMPTZ; epoch numbers are in `unit`. */
export function timestampCodec(unit: TimestampUnit): Codec<number> {
  return numberCodec(
    (bytes, pos, end, out, slot) => readTimestamp(bytes, pos, end, out, slot, unit),
    onlyNull,
    (writer, value) => writer.timestamp(value)
  )
}

export const booleanCodec: Codec<boolean> = {
  value: null,
  read(bytes, pos, end) {
    const after = readBoolean(bytes, pos, end, number, 0)
    const value = number[0]!
    booleanCodec.value = value === value ? value === 1 : null
    return after
  },
  check: (bytes, pos, end) => positionOr(readBoolean(bytes, pos, end, number, 0)),
  write: (writer, value) => writer.boolean(value)
}

/** BIGINT; `quoted`: written as a JSON string, as `decimal_format = 'string'` says. */
export function bigintCodec(quoted: boolean): Codec<number | bigint> {
  const isDigits = integerCheck((bytes, pos, end, out, slot) =>
    readBigInt(bytes, pos, end, out, wide, slot)
  )
  const codec: Codec<number | bigint> = {
    value: null,
    read(bytes, pos, end) {
      const after = readBigInt(bytes, pos, end, number, wide, 0)
      const isNumber = number[0]! === number[0]!
      codec.value = isNumber ? bigintAt(number, wide, 0) : null
      return after
    },
    check: quoted ? onlyNull : isDigits,
    write: (writer, value) => (quoted ? writer.quoted(String(value)) : writer.bigint(value))
  }
  return codec
}

/** DECIMAL(precision, scale), 0 and 0 for a bare one; `quoted` as in `bigintCodec`. */
export function decimalCodec(precision: number, scale: number, quoted: boolean): Codec<Decimal> {
  const codec: Codec<Decimal> = {
    value: null,
    read(bytes, pos, end) {
      const after = readDecimal(bytes, pos, end, decimal, 0, precision, scale)
      codec.value = decimal[0]!
      return after
    },
    check(bytes, pos, end) {
      if (isNull(bytes, pos)) return pos + 4
      if (quoted || bytes[pos] === QUOTE) return DIFFERENT
      const after = rangeDecimal(bytes, pos, end, range, 0, decimal, 0, precision, scale)
      return range[0] === -2 ? DIFFERENT : positionOr(after)
    },
    write: (writer, value) => (quoted ? writer.quoted(formatDecimal(value)) : writer.decimal(value))
  }
  return codec
}

export const textCodec: Codec<string> = {
  value: null,
  read(bytes, pos, end) {
    const after = readText(bytes, pos, end, text, 0)
    textCodec.value = text[0]!
    return after
  },
  check(bytes, pos, end) {
    // An object or array becomes a string.
    if (bytes[pos] !== QUOTE && !isNull(bytes, pos)) return DIFFERENT
    return positionOr(rangeText(bytes, pos, end, range, 0))
  },
  write: (writer, value) => writer.string(value)
}

export const jsonCodec: Codec<string> = {
  value: null,
  read(bytes, pos, end) {
    const after = readJson(bytes, pos, end, text, 0)
    jsonCodec.value = text[0]!
    return after
  },
  check: skipValue,
  write: (writer, value) => writer.json(value)
}

/** What an array holds that has no element with a type. */
export const nullCodec: Codec<never> = {
  value: null,
  read: (bytes, pos) => (isNull(bytes, pos) ? pos + 4 : bad(Bad.wrongType, pos)),
  check: onlyNull,
  write: writer => writer.null()
}

/** Of a type whose values are strings in JSON, made by `parse`, which answers null for what is none. */
function stringCodec<T>(
  parse: (text: string) => T | null,
  reason: number,
  check: Check,
  write: Write<T>
): Codec<T> {
  const codec: Codec<T> = {
    value: null,
    read(bytes, pos, end) {
      codec.value = null
      if (isNull(bytes, pos)) return pos + 4
      if (bytes[pos] !== QUOTE) return bad(Bad.wrongType, pos)
      const after = skipString(bytes, pos, end)
      const content = decodeString(bytes, pos, after)
      codec.value = content === null ? null : parse(content)
      return codec.value === null ? bad(reason, pos) : after
    },
    check,
    write
  }
  return codec
}

/** INTERVAL: ISO 8601 or PostgreSQL's text in, ISO 8601 out. */
export const intervalCodec: Codec<Interval> = stringCodec(
  content => {
    try {
      return parseInterval(content)
    } catch (error) {
      if (error instanceof ValueError) return null
      throw error
    }
  },
  Bad.interval,
  onlyNull,
  (writer, value) => writer.quoted(formatIsoInterval(value))
)

/** BYTES: base64 in and out. */
export const bytesCodec: Codec<Uint8Array> = stringCodec(
  bytesFromBase64,
  Bad.bytes,
  (bytes, pos, end) => {
    if (isNull(bytes, pos)) return pos + 4
    if (bytes[pos] !== QUOTE) return DIFFERENT
    const after = skipString(bytes, pos, end)
    return isPlainBase64(bytes, pos + 1, after - 1) ? after : DIFFERENT
  },
  (writer, value) => writer.quoted(bytesToBase64(value))
)

/** Base64 without escapes or white space. The last four characters decide what padding stands for. */
function isPlainBase64(bytes: Uint8Array, start: number, end: number): boolean {
  if ((end - start) % 4 !== 0) return false
  for (let pos = start; pos < end - 4; pos++) {
    if (!isBase64(bytes[pos]!)) return false
  }
  for (let pos = Math.max(start, end - 4); pos < end; pos++) {
    if (bytes[pos] === BACKSLASH || bytes[pos]! <= 0x20) return false
  }
  return start === end || bytesFromBase64(utf8Text(bytes, end - 4, end)) !== null
}

function isBase64(byte: number): boolean {
  const letter = byte | 0x20
  const isLetter = letter >= 0x61 && letter <= 0x7a
  return isLetter || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b
}
