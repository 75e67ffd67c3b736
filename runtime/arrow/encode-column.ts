import type { ValueType } from '../contract/index.ts'
import { castDecimal, type Decimal } from '../sql/decimal.ts'
import type { Interval } from '../sql/interval.ts'
import { entryOf } from './arrow-schema.ts'
import type { BatchParts } from './write-message.ts'

type Values = readonly unknown[]

const NO_BYTES = /* @__PURE__ */ new Uint8Array(0)
const encoder = new TextEncoder()

/** The node and the buffers of a column with these values, and of all that is inside of it. */
export function encodeColumn(type: ValueType, values: Values, out: BatchParts): void {
  let nulls = 0
  for (const value of values) if (value === null) nulls++
  out.node(values.length, nulls)
  out.buffers.push(nulls === 0 ? NO_BYTES : bitsOf(values, value => value !== null))
  encodeValues(type, values, out)
}

function bitsOf(values: Values, isSet: (value: unknown) => boolean): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3)
  values.forEach((value, i) => {
    if (isSet(value)) bits[i >> 3]! |= 1 << (i & 7)
  })
  return bits
}

function encodeValues(type: ValueType, values: Values, out: BatchParts): void {
  switch (type.kind) {
    case 'Boolean':
      out.buffers.push(bitsOf(values, value => value === true))
      return
    case 'Text':
    case 'Json':
      return encodeBytes(values, value => encoder.encode(value as string), out)
    case 'Bytes':
      return encodeBytes(values, value => value as Uint8Array, out)
    case 'Array':
      return encodeLists(values, value => value as Values, type.element, out)
    case 'Map':
      return encodeEntries(values, type.value, out)
    case 'Row':
      type.fields.forEach(({ type: inner }, i) => {
        encodeColumn(
          inner,
          values.map(value => (value as Values | null)?.[i] ?? null),
          out
        )
      })
      return
    case 'Vector': {
      const none = Array.from({ length: type.dimensions }, () => 0)
      const numbers = values.flatMap(value =>
        value === null ? none : [...(value as Float64Array)]
      )
      return encodeColumn({ kind: 'Double' }, numbers, out)
    }
    default:
      out.buffers.push(encodeFixed(type, values))
  }
}

/** Writes a value at a place of the buffer. */
type Put = (view: DataView, at: number, value: never) => void

const int32: readonly [number, Put] = [
  4,
  (view, at, value: number) => view.setInt32(at, value, true)
]
const int64: readonly [number, Put] = [
  8,
  (view, at, value: number | bigint) => view.setBigInt64(at, BigInt(value), true)
]

const fixed: Partial<Record<ValueType['kind'], readonly [width: number, put: Put]>> = {
  SmallInt: [2, (view, at, value: number) => view.setInt16(at, value, true)],
  Int: int32,
  Date: int32,
  Time: int32,
  BigInt: int64,
  Timestamp: int64,
  TimestampTz: int64,
  Real: [4, (view, at, value: number) => view.setFloat32(at, value, true)],
  Double: [8, (view, at, value: number) => view.setFloat64(at, value, true)],
  Interval: [
    16,
    (view, at, { months, days, ms }: Interval) => {
      view.setInt32(at, months, true)
      view.setInt32(at + 4, days, true)
      view.setBigInt64(at + 8, BigInt(ms) * 1_000_000n, true)
    }
  ]
}

function encodeFixed(type: ValueType, values: Values): Uint8Array {
  const [width, put] = type.kind === 'Decimal' ? decimalPut(type) : fixed[type.kind]!
  const bytes = new Uint8Array(values.length * width)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    if (value !== null) put(view, i * width, value as never)
  })
  return bytes
}

function decimalPut({
  precision,
  scale
}: Extract<ValueType, { kind: 'Decimal' }>): readonly [number, Put] {
  return [
    16,
    (view, at, value: Decimal) => {
      const { unscaled } = castDecimal(value, precision ?? 38, scale ?? 0)
      view.setBigUint64(at, BigInt.asUintN(64, unscaled), true)
      view.setBigInt64(at + 8, unscaled >> 64n, true)
    }
  ]
}

function encodeBytes(
  values: Values,
  bytesOf: (value: unknown) => Uint8Array,
  out: BatchParts
): void {
  const parts = values.map(value => (value === null ? NO_BYTES : bytesOf(value)))
  out.buffers.push(encodeOffsets(parts), Buffer.concat(parts))
}

function encodeOffsets(parts: readonly { readonly length: number }[]): Uint8Array {
  const bytes = new Uint8Array((parts.length + 1) * 4)
  const view = new DataView(bytes.buffer)
  let end = 0
  parts.forEach(({ length }, i) => view.setInt32((i + 1) * 4, (end += length), true))
  return bytes
}

function encodeLists(
  values: Values,
  itemsOf: (value: unknown) => Values,
  element: ValueType,
  out: BatchParts
): void {
  const lists = values.map(value => (value === null ? [] : itemsOf(value)))
  out.buffers.push(encodeOffsets(lists))
  encodeColumn(element, lists.flat(), out)
}

/** A map's keys are one column, its values another. */
function encodeEntries(values: Values, type: ValueType, out: BatchParts): void {
  const entries = (value: unknown): Values =>
    [...(value as ReadonlyMap<string, unknown>)].map(entry => ({ entry }))
  const lists = values.map(value => (value === null ? [] : entries(value)))
  out.buffers.push(encodeOffsets(lists))
  const rows = lists.flat().map(row => (row as { readonly entry: Values }).entry)
  encodeColumn(entryOf(type), rows, out)
}
