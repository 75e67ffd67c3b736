import type { SqlType } from '../../compiler/types/index.ts'
import { fromBase64 } from './bytes.ts'
import { isDay, parseIsoDate, parseIsoTime } from './date.ts'
import { fitDecimal, parseDecimal } from './decimal.ts'
import { Failure } from './failure.ts'
import { parseInterval } from './interval-text.ts'
import type { Json } from './json.ts'
import { epochToMs, parseTimestamp } from './timestamp.ts'
import type { Value } from './value.ts'

/** What an epoch number counts; null: its size says. */
export type EpochUnit = 's' | 'ms' | 'us' | 'ns' | null

/** A JSON value as a value of a column's type: null is NULL, and what does not fit is a bad record. */
export function readJson(json: Json, type: SqlType, unit: EpochUnit): Value {
  if (json.kind === 'Null') return null
  switch (type.kind) {
    case 'Array':
      return items(json).map(item => readJson(item, type.element, unit))
    case 'Vector':
      return readVector(json, type.dimensions)
    case 'Row': {
      const found = members(json)
      return type.fields.map(field => {
        const member = found.get(field.name)
        return member === undefined ? null : readJson(member, field.type, unit)
      })
    }
    case 'Map': {
      const found = members(json)
      for (const key of found.keys()) checkWhole(key)
      return new Map([...found].map(([key, value]) => [key, readJson(value, type.value, unit)]))
    }
    default:
      return readScalar(json, type, unit)
  }
}

function items(json: Json): readonly Json[] {
  if (json.kind === 'Array') return json.items
  throw wrongType()
}

function members(json: Json): ReadonlyMap<string, Json> {
  if (json.kind === 'Object') return json.members
  throw wrongType()
}

/** As many numbers as it has dimensions, none of them null. */
function readVector(json: Json, dimensions: number): readonly number[] {
  const numbers = items(json).map(item => readDouble(item, 'Double'))
  if (numbers.length !== dimensions) throw new Failure('wrong-dimensions', json.text)
  return numbers
}

function readScalar(json: Json, type: SqlType, unit: EpochUnit): Value {
  switch (type.kind) {
    case 'Boolean':
      if (json.kind === 'True' || json.kind === 'False') return json.kind === 'True'
      throw wrongType()
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return readInteger(json, type.kind)
    case 'Real':
    case 'Double':
      return readDouble(json, type.kind)
    case 'Decimal': {
      const value = parseDecimal(quotedNumber(json))
      if (value === null) throw wrongType()
      return fitDecimal(value, type.precision, type.scale)
    }
    case 'Text':
      return readText(json)
    case 'Json':
      return json.text
    default:
      return readTime(json, type, unit)
  }
}

function readTime(json: Json, type: SqlType, unit: EpochUnit): Value {
  switch (type.kind) {
    case 'Date':
      return readDate(json)
    case 'Time':
      return orFail(parseIsoTime(stringText(json)), 'invalid-time')
    case 'Timestamp':
    case 'TimestampTz':
      return readTimestamp(json, unit)
    case 'Interval':
      return orFail(fromString(json, parseIntervalText), 'invalid-interval')
    case 'Bytes':
      return orFail(fromString(json, fromBase64), 'invalid-base64')
    default:
      throw new Error(`${type.kind} is no column's type`)
  }
}

function orFail<T>(value: T | null, code: string): T {
  if (value === null) throw new Failure(code, code)
  return value
}

/** Out of range is no interval either. */
function parseIntervalText(text: string): ReturnType<typeof parseInterval> {
  try {
    return parseInterval(text)
  } catch {
    return null
  }
}

function fromString<T>(json: Json, parse: (text: string) => T | null): T | null {
  if (json.kind !== 'String') throw wrongType()
  return json.value.isWellFormed() ? parse(json.value) : null
}

/** Between the quotes, as it is written: escapes fit nothing here. */
function stringText(json: Json): string {
  if (json.kind !== 'String') throw wrongType()
  return json.text.slice(1, -1)
}

/** `"2026-01-31"`, or the days since 1970. */
function readDate(json: Json): number {
  if (json.kind === 'String') return orFail(parseIsoDate(stringText(json)), 'invalid-date')
  const days = Number(readInteger(json, 'Int'))
  return orFail(isDay(days) ? days : null, 'invalid-date')
}

/** Only BIGINT takes digits in quotes, without escapes: they are how senders keep more of them than a double holds. */
function readInteger(json: Json, kind: 'SmallInt' | 'Int' | 'BigInt'): bigint {
  const quoted = json.kind === 'String' && kind === 'BigInt'
  const text = quoted ? json.text.slice(1, -1) : numberText(json)
  if (!/^-?(0|[1-9]\d*)$/.test(text)) throw new Failure('not-an-integer', text)
  return fitField(BigInt(text), kind)
}

function fitField(value: bigint, kind: 'SmallInt' | 'Int' | 'BigInt'): bigint {
  const bits = kind === 'SmallInt' ? 16 : kind === 'Int' ? 32 : 64
  if (BigInt.asIntN(bits, value) !== value) throw new Failure('out-of-range', 'too large')
  return value
}

function readDouble(json: Json, kind: 'Real' | 'Double'): number {
  const value = Number(numberText(json))
  const rounded = kind === 'Real' ? Math.fround(value) : value
  if (!Number.isFinite(rounded)) throw new Failure('out-of-range', 'too large')
  return rounded
}

function readText(json: Json): string {
  if (json.kind === 'Object' || json.kind === 'Array') return json.text
  if (json.kind !== 'String') throw wrongType()
  checkWhole(json.value)
  return json.value
}

function checkWhole(text: string): void {
  if (!text.isWellFormed()) throw new Failure('lone-surrogate', 'half a pair')
}

function readTimestamp(json: Json, unit: EpochUnit): number {
  if (json.kind === 'String') return orFail(parseTimestamp(json.value), 'invalid-timestamp')
  const text = numberText(json)
  if (!Number.isFinite(Number(text))) throw new Failure('out-of-range', 'too large')
  // Beyond what a DECIMAL holds.
  const ms = Math.abs(Number(text)) < 1e30 ? epochToMs(text, unit) : null
  return orFail(ms, 'invalid-timestamp')
}

function numberText(json: Json): string {
  if (json.kind === 'Number') return json.text
  throw wrongType()
}

/** A number, or one in quotes, in JSON's spelling: without escapes. */
function quotedNumber(json: Json): string {
  if (json.kind !== 'String') return numberText(json)
  const text = json.text.slice(1, -1)
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text
  throw wrongType()
}

function wrongType(): Failure {
  return new Failure('wrong-type', 'the JSON type does not fit')
}
