import type { FlatTable } from './flat-table.ts'

/** Types of Arrow as far as they matter for reading: https://github.com/apache/arrow/blob/main/format/Schema.fbs */
export type ArrowType =
  | { readonly kind: 'Null' | 'Bool' }
  | { readonly kind: 'Struct'; readonly names: readonly string[] }
  | { readonly kind: 'Int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'Float'; readonly bits: 16 | 32 | 64 }
  /** `wide`: offsets of 64 bits. */
  | { readonly kind: 'Utf8' | 'Binary' | 'List'; readonly wide: boolean }
  | { readonly kind: 'Utf8View' | 'BinaryView' }
  | { readonly kind: 'ListView'; readonly wide: boolean }
  | { readonly kind: 'FixedBinary' | 'FixedList'; readonly size: number }
  | { readonly kind: 'Decimal'; readonly bits: 32 | 64 | 128 | 256; readonly scale: number }
  | { readonly kind: 'Date'; readonly unit: 'd' | 'ms' }
  | { readonly kind: 'Time'; readonly unit: TimeUnit; readonly bits: 32 | 64 }
  | { readonly kind: 'Timestamp' | 'Duration'; readonly unit: TimeUnit }
  | { readonly kind: 'Interval'; readonly unit: 'months' | 'days' | 'nanos' }
  | { readonly kind: 'Map' }
  | { readonly kind: 'Union'; readonly dense: boolean; readonly ids: readonly number[] }
  | { readonly kind: 'RunEnds' }

export type TimeUnit = 's' | 'ms' | 'us' | 'ns'

/** A column, or a part of one. */
export interface ArrowField {
  readonly name: string
  readonly type: ArrowType
  readonly children: readonly ArrowField[]
  /** Its values are places in a dictionary; null: they are values. */
  readonly dictionary: { readonly id: number; readonly index: ArrowType } | null
}

/** What is not one of Arrow's types, or of a version that nobody knows. */
export class UnknownType extends Error {}

const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns']
/** More than any schema that somebody made: a message of some bytes can name one field thousands of times. */
const MOST_FIELDS = 10_000
const MOST_LEVELS = 64

/** The fields of a schema. Throws a RangeError or UnknownType. */
export function readFields(schema: FlatTable): ArrowField[] {
  let left = MOST_FIELDS
  const read = (table: FlatTable, level: number): ArrowField => {
    if (--left < 0 || level > MOST_LEVELS) throw new RangeError('too many fields')
    const encoding = table.table(4)
    const index = encoding?.table(1) ?? null
    const children = table.tables(5).map(child => read(child, level + 1))
    return {
      name: table.text(0) ?? '',
      type: readType(table.byte(2), table.table(3), children),
      children,
      dictionary:
        encoding === null
          ? null
          : { id: encoding.long(0), index: index === null ? INDEX : readInt(index) }
    }
  }
  return schema.tables(1).map(table => read(table, 1))
}

const INDEX: ArrowType = { kind: 'Int', bits: 32, signed: true }

function readInt(table: FlatTable): ArrowType {
  return { kind: 'Int', bits: oneOf(table.int(0), 8, 16, 32, 64), signed: table.byte(1) === 1 }
}

function oneOf<T extends number>(value: number, ...choices: readonly T[]): T {
  const found = choices.find(choice => choice === value)
  if (found === undefined) throw new UnknownType(`a width of ${value} bits`)
  return found
}

function unitOf(value: number): TimeUnit {
  const unit = UNITS[value]
  if (unit === undefined) throw new UnknownType(`the unit of time ${value}`)
  return unit
}

function sizeOf(value: number): number {
  if (value < 0) throw new RangeError('a size is negative')
  return value
}

const STRUCT = 13

/** By the numbers of the union `Type` of the format. */
function readType(
  kind: number,
  table: FlatTable | null,
  children: readonly ArrowField[]
): ArrowType {
  if (kind === STRUCT) return { kind: 'Struct', names: children.map(({ name }) => name) }
  const read = readers[kind]
  if (read === undefined || table === null) throw new UnknownType(`the type number ${kind}`)
  return read(table)
}

const readers: Readonly<Record<number, (table: FlatTable) => ArrowType>> = {
  1: () => ({ kind: 'Null' }),
  2: readInt,
  3: table => ({ kind: 'Float', bits: ([16, 32, 64] as const)[oneOf(table.short(0), 0, 1, 2)] }),
  4: () => ({ kind: 'Binary', wide: false }),
  5: () => ({ kind: 'Utf8', wide: false }),
  6: () => ({ kind: 'Bool' }),
  7: table => ({
    kind: 'Decimal',
    bits: oneOf(table.int(2, 128), 32, 64, 128, 256),
    scale: table.int(1)
  }),
  8: table => ({ kind: 'Date', unit: table.short(0, 1) === 0 ? 'd' : 'ms' }),
  9: table => ({
    kind: 'Time',
    unit: unitOf(table.short(0, 1)),
    bits: oneOf(table.int(1, 32), 32, 64)
  }),
  10: table => ({ kind: 'Timestamp', unit: unitOf(table.short(0)) }),
  11: table => ({
    kind: 'Interval',
    unit: (['months', 'days', 'nanos'] as const)[oneOf(table.short(0), 0, 1, 2)]
  }),
  12: () => ({ kind: 'List', wide: false }),
  14: readUnion,
  15: table => ({ kind: 'FixedBinary', size: sizeOf(table.int(0)) }),
  16: table => ({ kind: 'FixedList', size: sizeOf(table.int(0)) }),
  17: () => ({ kind: 'Map' }),
  18: table => ({ kind: 'Duration', unit: unitOf(table.short(0, 1)) }),
  19: () => ({ kind: 'Binary', wide: true }),
  20: () => ({ kind: 'Utf8', wide: true }),
  21: () => ({ kind: 'List', wide: true }),
  22: () => ({ kind: 'RunEnds' }),
  23: () => ({ kind: 'BinaryView' }),
  24: () => ({ kind: 'Utf8View' }),
  25: () => ({ kind: 'ListView', wide: false }),
  26: () => ({ kind: 'ListView', wide: true })
}

function readUnion(table: FlatTable): ArrowType {
  const { start, count } = table.structs(1, 4)
  if (count > 128) throw new RangeError('too many ids')
  const ids = Array.from({ length: count }, (_, i) => table.view.getInt32(start + i * 4, true))
  return { kind: 'Union', dense: table.short(0) === 1, ids }
}
