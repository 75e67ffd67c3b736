import type { Decimal } from '../sql/decimal.ts'
import { failure } from '../sql/failure.ts'
import type { Interval } from '../sql/interval.ts'
import { MessageWriter } from './message-writer.ts'

// What the `send` functions of PostgreSQL's types write: src/backend/utils/adt of its sources.

/** 2000-01-01, from which PostgreSQL counts, in milliseconds of ours. */
export const POSTGRES_EPOCH = 946_684_800_000

/** How the values of a type, which are not NULL, are sent as bytes. */
export interface BinaryType {
  /** https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat */
  readonly oid: number
  readonly binary: (value: never) => Uint8Array
}

const NEGATIVE = 0x4000
const NO_SITE = -1

export function fixedBinary(size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.allocUnsafe(size)
  write(buffer)
  return buffer
}

export function binaryInterval({ months, days, ms }: Interval): Buffer {
  return fixedBinary(16, buffer => {
    buffer.writeBigInt64BE(BigInt(ms) * 1000n)
    buffer.writeInt32BE(days, 8)
    buffer.writeInt32BE(months, 12)
  })
}

/** Digits to the base of 10,000 around the point: those of the number with zeros added, so that the point stands between two. */
export function binaryDecimal({ unscaled, scale }: Decimal): Buffer {
  const size = unscaled < 0n ? -unscaled : unscaled
  const fraction = Math.ceil(scale / 4)
  const padded = String(size * 10n ** BigInt(4 * fraction - scale))
  const whole = padded.padStart(4 * Math.ceil(padded.length / 4), '0')
  const digits = whole.match(/\d{4}/g)!.map(Number)
  let weight = digits.length - fraction - 1
  while (digits.length > 0 && digits[0] === 0) {
    digits.shift()
    weight--
  }
  while (digits.at(-1) === 0) digits.pop()
  return fixedBinary(8 + 2 * digits.length, buffer => {
    buffer.writeInt16BE(digits.length)
    buffer.writeInt16BE(digits.length === 0 ? 0 : weight, 2)
    buffer.writeInt16BE(unscaled < 0n ? NEGATIVE : 0, 4)
    buffer.writeInt16BE(scale, 6)
    digits.forEach((digit, i) => buffer.writeInt16BE(digit, 8 + 2 * i))
  })
}

/** `depth`: how many arrays are in each other. */
export function binaryArray(items: Iterable<unknown>, element: BinaryType, depth: number): Buffer {
  const sizes = dimensionsOf(items, depth)
  const values = flatten(items, sizes)
  const writer = new MessageWriter()
  writer.int32(values.length === 0 ? 0 : sizes.length)
  writer.int32(values.includes(null) ? 1 : 0).int32(element.oid)
  // Arrays count from 1.
  if (values.length > 0) for (const size of sizes) writer.int32(size).int32(1)
  for (const value of values) writer.value(value === null ? null : element.binary(value as never))
  return writer.take()
}

function dimensionsOf(items: Iterable<unknown>, depth: number): number[] {
  const all = [...items]
  const inner = (all[0] ?? []) as Iterable<unknown>
  return depth === 1 ? [all.length] : [all.length, ...dimensionsOf(inner, depth - 1)]
}

/** The values of all dimensions. PostgreSQL's arrays are boxes: others have a text, but no binary form. */
function flatten(items: Iterable<unknown>, [size, ...inner]: readonly number[]): unknown[] {
  const all = [...items]
  const isBox = all.length === size && (inner.length === 0 || !all.includes(null))
  if (!isBox) {
    const message = 'arrays of different lengths inside of an array have no binary form'
    throw failure(NO_SITE, 'wrong-dimensions', message)
  }
  return inner.length === 0 ? all : all.flatMap(item => flatten(item as Iterable<unknown>, inner))
}

export function binaryRecord(values: readonly unknown[], types: readonly BinaryType[]): Buffer {
  const writer = new MessageWriter().int32(values.length)
  values.forEach((value, i) => {
    const { oid, binary } = types[i]!
    writer.int32(oid).value(value === null ? null : binary(value as never))
  })
  return writer.take()
}
