import type { ValueColumn, ValueType } from '../contract/index.ts'
import type { FlatFields, FlatValue } from './flat-writer.ts'
import { byte, writeSchema } from './write-message.ts'

/** The schema of rows with these columns, as the first message of a stream. Types map one to one; a DECIMAL needs its scale. */
export function encodeSchema(columns: readonly ValueColumn[]): Uint8Array {
  return writeSchema(columns.map(fieldOf))
}

function fieldOf({ name, type, nullable }: ValueColumn): FlatFields {
  const [number, ...fields] = typeOf(type)
  return [
    text(name),
    byte(nullable ? 1 : 0),
    byte(number),
    { kind: 'table', fields },
    null,
    { kind: 'tables', items: childrenOf(type).map(fieldOf) },
    type.kind === 'Json' ? jsonExtension() : null
  ]
}

/** What the text is: https://arrow.apache.org/docs/format/CanonicalExtensions.html#json */
const jsonExtension = (): FlatValue => ({
  kind: 'tables',
  items: [
    [text('ARROW:extension:name'), text('arrow.json')],
    [text('ARROW:extension:metadata'), text('')]
  ]
})

function text(value: string): FlatValue {
  return { kind: 'text', value }
}

function int(value: number): FlatValue {
  return { kind: 'int', value }
}

function short(value: number): FlatValue {
  return { kind: 'short', value }
}

/** The number of a type in the format's union, and the fields of its table. */
type TypeTable = readonly [number: number, ...fields: (FlatValue | null)[]]

const MILLISECOND = /* @__PURE__ */ short(1)

function typeOf(type: ValueType): TypeTable {
  switch (type.kind) {
    case 'Decimal':
      return [7, int(type.precision ?? 38), int(type.scale ?? 0), int(128)]
    case 'Vector':
      return [16, int(type.dimensions)]
    default:
      return plainTypes()[type.kind]
  }
}

const plainTypes = (): Readonly<
  Record<Exclude<ValueType['kind'], 'Decimal' | 'Vector'>, TypeTable>
> => ({
  Null: [1],
  SmallInt: [2, int(16), byte(1)],
  Int: [2, int(32), byte(1)],
  BigInt: [2, int(64), byte(1)],
  Real: [3, short(1)],
  Double: [3, short(2)],
  Bytes: [4],
  Text: [5],
  Json: [5],
  Boolean: [6],
  Date: [8, short(0)],
  Time: [9, MILLISECOND, int(32)],
  Timestamp: [10, MILLISECOND],
  TimestampTz: [10, MILLISECOND, text('UTC')],
  // Months, days and nanoseconds.
  Interval: [11, short(2)],
  Array: [12],
  Row: [13],
  Map: [17, byte(0)]
})

function childrenOf(type: ValueType): readonly ValueColumn[] {
  switch (type.kind) {
    case 'Array':
      return [{ name: 'item', type: type.element, nullable: true }]
    case 'Vector':
      return [{ name: 'item', type: { kind: 'Double' }, nullable: false }]
    case 'Row':
      return type.fields
    case 'Map':
      return [{ name: 'entries', type: entryOf(type.value), nullable: false }]
    default:
      return []
  }
}

/** The type of a map's entries. */
export function entryOf(value: ValueType): ValueType {
  return {
    kind: 'Row',
    fields: [
      { name: 'key', type: { kind: 'Text' }, nullable: false },
      { name: 'value', type: value, nullable: true }
    ]
  }
}
