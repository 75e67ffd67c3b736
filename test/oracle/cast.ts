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
import { parseJson } from './json.ts'
import { parseTimestamp, showTimestamp } from './timestamp.ts'
import type { Value } from './value.ts'

/** From one SQL type to another, as PostgreSQL does it; throws a Failure where the value does not fit. */
export function castValue(value: Value, from: SqlType, to: SqlType): Value {
  if (value === null) return null
  if (from.kind === 'Json' && to.kind !== 'Json') return castJson(String(value), to)
  switch (to.kind) {
    case 'Boolean':
      return toBoolean(value)
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return fitInteger(toInteger(value), to.kind)
    case 'Real':
      return fitDouble(Math.fround(toDouble(value)), value)
    case 'Double':
      return fitDouble(toDouble(value), value)
    case 'Decimal':
      return fitDecimal(toDecimal(value), to.precision, to.scale)
    case 'Text':
      return castText(value, from)
    case 'Timestamp':
      return toTimestamp(value, from)
    case 'Json':
      return toJson(value, from)
    default:
      throw new Error(`no cast to ${to.kind}`)
  }
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
    Timestamp: json.kind === 'String'
  }
  if (fits[to.kind] !== true) throw invalid(text)
  if (json.kind === 'True' || json.kind === 'False') return json.kind === 'True'
  if (json.kind === 'String') return castValue(json.value, { kind: 'Text' }, to)
  const digits = parseDecimal(json.text)
  if (digits === null || to.kind === 'Double' || to.kind === 'Real') {
    return castValue(json.text, { kind: 'Text' }, to)
  }
  return castValue(digits, { kind: 'Decimal', precision: null, scale: null }, to)
}

function toBoolean(value: Exclude<Value, null>): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value !== 0n
  const text = String(value).trim().toLowerCase()
  const isPrefixOf = (word: string, shortest = 1): boolean =>
    text.length >= shortest && word.startsWith(text)
  if (isPrefixOf('true') || isPrefixOf('yes') || text === 'on' || text === '1') return true
  if (isPrefixOf('false') || isPrefixOf('no') || isPrefixOf('off', 2) || text === '0') return false
  throw invalid(text)
}

function toInteger(value: Exclude<Value, null>): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw outOfRange(String(value))
    return roundHalfEven(value)
  }
  if (isDecimal(value)) return roundToInteger(value)
  const text = value.trim()
  if (!/^[+-]?\d+$/.test(text)) throw invalid(value)
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

function toDouble(value: Exclude<Value, null>): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (isDecimal(value)) return Number(showDecimal(value))
  const text = value.trim()
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return NaN
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw invalid(value)
  if (Number(text) === 0 && /[1-9]/.test(text.replace(/e.*/i, ''))) throw outOfRange(text)
  return Number(text)
}

/** Infinity is only right where the text says so. */
function fitDouble(result: number, from: Exclude<Value, null>): number {
  const infinite = from === Infinity || from === -Infinity || /inf/i.test(String(from))
  if (Math.abs(result) === Infinity && !infinite) throw outOfRange(String(result))
  return result
}

function toDecimal(value: Exclude<Value, null>): Decimal {
  if (isDecimal(value)) return value
  if (typeof value === 'number' && !Number.isFinite(value)) throw outOfRange(String(value))
  // A double is sure of 15 digits: PostgreSQL makes a numeric of no more.
  const text = typeof value === 'number' ? String(Number(value.toPrecision(15))) : String(value)
  const decimal = parseDecimal(text.trim())
  if (decimal === null) throw invalid(String(value))
  return decimal
}

function toTimestamp(value: Exclude<Value, null>, from: SqlType): number {
  if (from.kind === 'Timestamp') return Number(value)
  const ms = parseTimestamp(String(value).trim())
  if (ms === null) throw invalid(String(value))
  return ms
}

function toJson(value: Exclude<Value, null>, from: SqlType): string | null {
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
function castText(value: Exclude<Value, null>, from: SqlType): string {
  if (from.kind === 'Timestamp') {
    return showTimestamp(Number(value))
      .replace('T', ' ')
      .replace(/\.?0*Z$/, '')
  }
  if (typeof value === 'number') return doubleText(value)
  return isDecimal(value) ? showDecimal(value) : String(value)
}

/** The shortest digits; with an exponent of at least two digits below 1e-4 and from 1e15 on. */
function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-4 && size < 1e15)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The text of a value as a record key has it: JSON's, without the quotes. */
export function showText(value: Exclude<Value, null>, type: SqlType): string {
  if (type.kind === 'Timestamp') return showTimestamp(Number(value))
  if (isDecimal(value)) return showDecimal(value)
  return String(value)
}

/** The JSON of a value, as a record holds it. */
export function showJson(value: Value, type: SqlType): string {
  if (value === null) return 'null'
  if (type.kind === 'Text' || type.kind === 'Timestamp') {
    return JSON.stringify(showText(value, type))
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Failure('not-finite', String(value))
  }
  return isDecimal(value) ? showDecimal(value) : String(value)
}

function invalid(text: string): Failure {
  return new Failure('invalid-cast', `cannot cast ${text}`)
}

function outOfRange(text: string): Failure {
  return new Failure('out-of-range', `${text} is out of range`)
}
