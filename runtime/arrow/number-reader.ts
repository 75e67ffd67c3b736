import type { ValueType } from '../contract/index.ts'
import {
  castDecimal,
  type Decimal,
  fit,
  makeDecimal,
  MAX_PRECISION,
  pow10
} from '../sql/decimal.ts'
import { ValueError } from '../sql/value-error.ts'
import { outOfRange } from './arrow-fault.ts'
import type { ArrowBuffer, ArrowVector } from './arrow-vector.ts'

type Read<T> = (row: number) => T

export function booleanReader({ type, buffers }: ArrowVector): Read<boolean> | null {
  if (type.kind !== 'Bool') return null
  const { view } = buffers[0]!
  return row => ((view.getUint8(row >> 3) >> (row & 7)) & 1) === 1
}

const ranges = {
  SmallInt: [-32768, 32767],
  Int: [-2147483648, 2147483647]
} as const

/** A BIGINT is a number while it is a safe integer, else a bigint. */
export function integerReader(
  { type, buffers }: ArrowVector,
  target: 'SmallInt' | 'Int' | 'BigInt'
): Read<number | bigint> | null {
  if (type.kind !== 'Int') return null
  const read = wholeReader(type, buffers[0]!)
  if (target === 'BigInt') {
    if (type.signed || type.bits < 64) return read
    return row => bigIntOrThrow(read(row))
  }
  const [least, most] = ranges[target]
  return row => {
    const value = read(row)
    if (typeof value === 'bigint' || value < least || value > most) throw outOfRange()
    return value
  }
}

function bigIntOrThrow(value: number | bigint): number | bigint {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) throw outOfRange()
  return value
}

function wholeReader(
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
  { view }: ArrowBuffer
): Read<number | bigint> {
  switch (bits) {
    case 8:
      return signed ? row => view.getInt8(row) : row => view.getUint8(row)
    case 16:
      return signed ? row => view.getInt16(row * 2, true) : row => view.getUint16(row * 2, true)
    case 32:
      return signed ? row => view.getInt32(row * 4, true) : row => view.getUint32(row * 4, true)
    default:
      return signed
        ? row => longValue(view, row * 8)
        : row => joined(view.getUint32(row * 8 + 4, true), view, row * 8)
  }
}

/** 64 bits as a number where it is exact. */
export function longValue(view: DataView, at: number): number | bigint {
  return joined(view.getInt32(at + 4, true), view, at)
}

function joined(high: number, view: DataView, at: number): number | bigint {
  const value = high * 4294967296 + view.getUint32(at, true)
  if (Number.isSafeInteger(value)) return value
  return high < 0 ? view.getBigInt64(at, true) : view.getBigUint64(at, true)
}

/** Integers too: what a number's type can't hold exactly is rounded, as it is in JSON. */
export function floatReader(vector: ArrowVector, target: 'Real' | 'Double'): Read<number> | null {
  const read = doubleReader(vector)
  if (read === null || target === 'Double') return read
  return row => {
    const wide = read(row)
    const value = Math.fround(wide)
    if (!Number.isFinite(value) && Number.isFinite(wide)) throw outOfRange()
    return value
  }
}

function doubleReader({ type, buffers }: ArrowVector): Read<number> | null {
  if (type.kind === 'Int') {
    const read = wholeReader(type, buffers[0]!)
    return row => Number(read(row))
  }
  if (type.kind !== 'Float') return null
  const { view } = buffers[0]!
  if (type.bits === 64) return row => view.getFloat64(row * 8, true)
  if (type.bits === 32) return row => view.getFloat32(row * 4, true)
  return row => halfFloat(view.getUint16(row * 2, true))
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Integers and decimals, exactly; rounded to the declared scale. */
export function decimalReader(
  { type, buffers }: ArrowVector,
  { precision, scale }: Extract<ValueType, { kind: 'Decimal' }>
): Read<Decimal> | null {
  if (type.kind !== 'Decimal' && type.kind !== 'Int') return null
  const own = type.kind === 'Decimal' ? type.scale : 0
  if (Math.abs(own) > 2 * MAX_PRECISION) return null
  const read =
    type.kind === 'Int' ? wholeReader(type, buffers[0]!) : unscaledReader(type.bits, buffers[0]!)
  return row => {
    const unscaled = BigInt(read(row))
    const value = own < 0 ? makeDecimal(unscaled * pow10(-own), 0) : makeDecimal(unscaled, own)
    return asDeclared(value, precision, scale)
  }
}

function asDeclared(value: Decimal, precision: number | null, scale: number | null): Decimal {
  try {
    if (precision !== null) return castDecimal(value, precision, scale ?? 0)
    // Digits behind the point that a DECIMAL has no room for would be lost without a word.
    const { unscaled, scale: own } = fit(value.unscaled, value.scale)
    if (unscaled * pow10(value.scale - own) !== value.unscaled) throw outOfRange()
    return makeDecimal(unscaled, own)
  } catch (error) {
    throw error instanceof ValueError ? outOfRange() : error
  }
}

function unscaledReader(bits: 32 | 64 | 128 | 256, { view }: ArrowBuffer): Read<number | bigint> {
  switch (bits) {
    case 32:
      return row => view.getInt32(row * 4, true)
    case 64:
      return row => view.getBigInt64(row * 8, true)
    case 128:
      return row =>
        (view.getBigInt64(row * 16 + 8, true) << 64n) | view.getBigUint64(row * 16, true)
    case 256:
      return row => {
        const at = row * 32
        const high = (view.getBigInt64(at + 24, true) << 64n) | view.getBigUint64(at + 16, true)
        const low = (view.getBigUint64(at + 8, true) << 64n) | view.getBigUint64(at, true)
        return (high << 128n) | low
      }
  }
}
