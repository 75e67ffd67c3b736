import type { SqlType, TypeKind } from '../../compiler/types/index.ts'
import {
  type Decimal,
  fitDecimal,
  isDecimal,
  parseDecimal,
  roundToInteger,
  showDecimal
} from './decimal.ts'
import { Failure } from './failure.ts'
import { fromBase64, parseBytes, toHex } from './bytes.ts'
import { castInside } from './cast-inside.ts'
import { castTime, timeText } from './cast-time.ts'
import { parseJson } from './json.ts'
import { showJson, showReal } from './show.ts'
import type { Value } from './value.ts'

type Present = Exclude<Value, null>

/** From one SQL type to another, as PostgreSQL does it; throws a Failure where the value does not fit. */
export function castValue(value: Value, from: SqlType, to: SqlType): Value {
  if (value === null) return null
  if (isContainer(from) || isContainer(to)) return castContainer(value, from, to)
  if (from.kind === 'Json' && to.kind !== 'Json') return castJson(String(value), to)
  return isNumber(to) ? castNumber(value, from, to) : castOther(value, from, to)
}

function isNumber({ kind }: SqlType): boolean {
  return ['SmallInt', 'Int', 'BigInt', 'Real', 'Double', 'Decimal'].includes(kind)
}

function castNumber(value: Present, from: SqlType, to: SqlType): Value {
  switch (to.kind) {
    case 'Real':
      return toReal(value)
    case 'Double':
      return fitDouble(toDouble(value), value)
    case 'Decimal':
      return fitDecimal(toDecimal(value, from), to.precision, to.scale)
    default:
      return fitInteger(toInteger(value), to.kind)
  }
}

function castOther(value: Present, from: SqlType, to: SqlType): Value {
  switch (to.kind) {
    case 'Boolean':
      return toBoolean(value)
    case 'Text':
      return castText(value, from)
    case 'Json':
      return toJson(value, from)
    case 'Bytes':
      return from.kind === 'Bytes' ? value : parseBytes(String(value))
    default:
      return from.kind === to.kind ? value : castTime(value, from, to)
  }
}

function isContainer({ kind }: SqlType): boolean {
  return kind === 'Array' || kind === 'Row' || kind === 'Map' || kind === 'Vector'
}

/** JSON holds null where SQL has NULL. */
function castContainer(value: Present, from: SqlType, to: SqlType): Value {
  return from.kind === 'Json' && value === 'null' ? null : castInside(value, from, to)
}

/** A number that single precision holds; what only becomes zero there does not fit either. */
function toReal(value: Present): number {
  const double = fitDouble(toDouble(value), value)
  const real = fitDouble(Math.fround(double), value)
  if (real === 0 && double !== 0) throw outOfRange(String(value))
  return real
}

/** A JSON string casts as its text, a number as its digits, null is NULL. */
function castJson(text: string, to: SqlType): Value {
  const json = parseJson(text, 512)
  if (json.kind === 'Null') return null
  if (to.kind === 'Text') return json.kind === 'String' ? json.value : json.text
  const fits: Partial<Record<TypeKind, boolean>> = {
    Boolean: json.kind === 'True' || json.kind === 'False',
    SmallInt: json.kind === 'Number',
    Int: json.kind === 'Number',
    BigInt: json.kind === 'Number',
    Real: json.kind === 'Number',
    Double: json.kind === 'Number',
    Decimal: json.kind === 'Number',
    Date: json.kind === 'String',
    Time: json.kind === 'String',
    Timestamp: json.kind === 'String',
    TimestampTz: json.kind === 'String',
    Interval: json.kind === 'String',
    Bytes: json.kind === 'String'
  }
  if (fits[to.kind] !== true) throw invalid(text)
  if (json.kind === 'True' || json.kind === 'False') return json.kind === 'True'
  if (json.kind === 'String' && to.kind === 'Bytes') return base64Value(json.value)
  if (json.kind === 'String') return castValue(json.value, { kind: 'Text' }, to)
  const isFloat = to.kind === 'Double' || to.kind === 'Real'
  const digits = isFloat ? null : parseDecimal(json.text)
  if (digits === null) return castValue(json.text, { kind: 'Text' }, to)
  return castValue(digits, { kind: 'Decimal', precision: null, scale: null }, to)
}

/** JSON holds bytes in base64. */
function base64Value(text: string): Uint8Array {
  const bytes = fromBase64(text)
  if (bytes === null) throw invalid(text)
  return bytes
}

function toBoolean(value: Present): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value !== 0n
  const text = String(value).trim().toLowerCase()
  const isPrefixOf = (word: string, shortest = 1): boolean =>
    text.length >= shortest && word.startsWith(text)
  if (isPrefixOf('true') || isPrefixOf('yes') || text === 'on' || text === '1') return true
  if (isPrefixOf('false') || isPrefixOf('no') || isPrefixOf('off', 2) || text === '0') return false
  throw invalid(text)
}

function toInteger(value: Present): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw outOfRange(String(value))
    return roundHalfEven(value)
  }
  if (isDecimal(value)) return roundToInteger(value)
  const text = String(value).trim()
  if (!/^[+-]?\d+$/.test(text)) throw invalid(String(value))
  return BigInt(text.replace('+', ''))
}

/** Doubles round half to even, decimals half away from zero: both as PostgreSQL does. */
function roundHalfEven(value: number): bigint {
  const floor = Math.floor(value)
  const rest = value - floor
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0)
  return BigInt(floor) + (up ? 1n : 0n)
}

export function fitInteger(value: bigint, kind: TypeKind): bigint {
  const bits = kind === 'SmallInt' ? 16 : kind === 'Int' ? 32 : 64
  if (BigInt.asIntN(bits, value) !== value) throw outOfRange(String(value))
  return value
}

function toDouble(value: Present): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (isDecimal(value)) return Number(showDecimal(value))
  const text = String(value).trim()
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^[+-]?nan$/i.test(text)) return NaN
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw invalid(String(value))
  if (Number(text) === 0 && /[1-9]/.test(text.replace(/e.*/i, ''))) throw outOfRange(text)
  return Number(text)
}

/** Infinity is only right where the text says so. */
function fitDouble(result: number, from: Present): number {
  const infinite = from === Infinity || from === -Infinity || /inf/i.test(String(from))
  if (Math.abs(result) === Infinity && !infinite) throw outOfRange(String(result))
  return result
}

function toDecimal(value: Present, from: SqlType): Decimal {
  if (isDecimal(value)) return value
  // A double is sure of 15 digits, and single precision of 6: PostgreSQL makes a numeric of no more.
  const digits = from.kind === 'Real' ? 6 : 15
  const rounded = typeof value === 'number' ? Number(value.toPrecision(digits)) : null
  if (rounded !== null && !Number.isFinite(rounded)) throw outOfRange(String(value))
  const text = String(rounded ?? value)
  const decimal = parseDecimal(text.trim())
  if (decimal === null) throw invalid(String(value))
  return decimal
}

function toJson(value: Present, from: SqlType): string | null {
  if (from.kind === 'Json') return String(value)
  if (from.kind !== 'Text') return showJson(value, from)
  try {
    const json = parseJson(String(value), 512)
    return json.kind === 'Null' ? null : json.text
  } catch {
    throw new Failure('invalid-json', 'not JSON')
  }
}

/** CAST(... AS TEXT), as PostgreSQL prints values. */
function castText(value: Present, from: SqlType): string {
  const time = timeText(value, from)
  if (time !== null) return time
  if (from.kind === 'Bytes') return `\\x${toHex(value as Uint8Array)}`
  if (from.kind === 'Real') return realText(Number(value))
  if (typeof value === 'number') return doubleText(value)
  return isDecimal(value) ? showDecimal(value) : String(value)
}

/** As a DOUBLE, but with an exponent from 1e6 on. */
function realText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const short = Number(showReal(value))
  if (Math.abs(value) < 1e6 || !Number.isFinite(value)) return doubleText(short)
  return short.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The shortest digits; with an exponent of at least two digits below 1e-4 and from 1e15 on. */
function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-4 && size < 1e15)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

function invalid(text: string): Failure {
  return new Failure('invalid-cast', `cannot cast ${text}`)
}

function outOfRange(text: string): Failure {
  return new Failure('out-of-range', `${text} is out of range`)
}
