import type { ValueType } from '../contract/index.ts'
import {
  binaryArray,
  binaryDecimal,
  binaryInterval,
  binaryRecord,
  type BinaryType,
  fixedBinary,
  POSTGRES_EPOCH
} from './binary-values.ts'
import { booleanLetter } from '../functions/cast-inside.ts'
import {
  dateToText,
  decimalToText,
  doubleToText,
  realToText,
  timestamptzToText,
  timestampToText,
  timeToText
} from '../functions/cast-to-text.ts'
import { formatArray, formatRow } from '../sql/array-text.ts'
import { formatBytes } from '../sql/bytes.ts'
import { formatInterval } from '../sql/interval-text.ts'
import { valueToJson } from '../query/render-json.ts'

type Kind = ValueType['kind']

/** A type as PostgreSQL has it, and how its values, which are not NULL, are sent. */
export interface WireType extends BinaryType {
  /** Of an array of it. */
  readonly arrayOid: number
  /** Bytes of each value; -1: they differ. */
  readonly size: number
  /** What a DECIMAL's precision and scale come to; -1: none. */
  readonly modifier: number
  /** As psql's `\d` shows it. */
  readonly name: string
  readonly text: (value: never) => string
}

type Row = readonly [
  oid: number,
  arrayOid: number,
  size: number,
  name: string,
  text: WireType['text'],
  binary: WireType['binary']
]

const asText = String as (value: unknown) => string
const utf8 = (text: string): Uint8Array => Buffer.from(text)
const int8 = (value: number | bigint): Uint8Array =>
  fixedBinary(8, buffer => buffer.writeBigInt64BE(BigInt(value)))
/** Microseconds, of milliseconds. */
const micros = (ms: number): Uint8Array => int8(BigInt(ms) * 1000n)

const plain: Readonly<Record<Exclude<Kind, 'Array' | 'Row' | 'Map' | 'Vector' | 'Decimal'>, Row>> =
  {
    Boolean: [16, 1000, 1, 'boolean', booleanLetter, (value: boolean) => Buffer.of(value ? 1 : 0)],
    SmallInt: [
      ...([21, 1005, 2, 'smallint', asText] as const),
      (value: number) => fixedBinary(2, buffer => buffer.writeInt16BE(value))
    ],
    Int: [
      ...([23, 1007, 4, 'integer', asText] as const),
      (value: number) => fixedBinary(4, buffer => buffer.writeInt32BE(value))
    ],
    BigInt: [20, 1016, 8, 'bigint', asText, int8],
    Real: [
      ...([700, 1021, 4, 'real', realToText] as const),
      (value: number) => fixedBinary(4, buffer => buffer.writeFloatBE(value))
    ],
    Double: [
      ...([701, 1022, 8, 'double precision', doubleToText] as const),
      (value: number) => fixedBinary(8, buffer => buffer.writeDoubleBE(value))
    ],
    Text: [25, 1009, -1, 'text', asText, utf8],
    // A NULL that nothing gives a type: PostgreSQL sends it as TEXT too.
    Null: [25, 1009, -1, 'text', asText, utf8],
    Bytes: [17, 1001, -1, 'bytea', formatBytes, (value: Uint8Array) => value],
    // Its text is kept as it came, as that of PostgreSQL's JSON is, and not of its JSONB.
    Json: [114, 199, -1, 'json', asText, utf8],
    Date: [
      ...([1082, 1182, 4, 'date', dateToText] as const),
      (days: number) =>
        fixedBinary(4, buffer => buffer.writeInt32BE(days - POSTGRES_EPOCH / 86_400_000))
    ],
    Time: [1083, 1183, 8, 'time without time zone', timeToText, micros],
    Timestamp: [
      ...([1114, 1115, 8, 'timestamp without time zone', timestampToText] as const),
      (time: number) => micros(time - POSTGRES_EPOCH)
    ],
    TimestampTz: [
      ...([1184, 1185, 8, 'timestamp with time zone', timestamptzToText] as const),
      (time: number) => micros(time - POSTGRES_EPOCH)
    ],
    Interval: [1186, 1187, 16, 'interval', formatInterval, binaryInterval]
  }

const types = new Map(Object.entries(plain).map(([kind, row]) => [kind, fromRow(row)]))

function fromRow([oid, arrayOid, size, name, text, binary]: Row): WireType {
  return { oid, arrayOid, size, modifier: -1, name, text, binary }
}

export function wireType(type: ValueType): WireType {
  switch (type.kind) {
    case 'Decimal':
      return decimalType(type)
    case 'Array':
      return arrayType(type.element)
    case 'Vector':
      return arrayType({ kind: 'Double' })
    case 'Row':
      return rowType(type)
    case 'Map': {
      // PostgreSQL has no maps; JSON is what drivers make an object of.
      const text = valueToJson(type)
      return { ...types.get('Json')!, text, binary: value => utf8(text(value)) }
    }
    default:
      return types.get(type.kind)!
  }
}

function decimalType({ precision, scale }: Extract<ValueType, { kind: 'Decimal' }>): WireType {
  const name = precision === null ? 'numeric' : `numeric(${precision},${scale ?? 0})`
  const modifier = precision === null ? -1 : ((precision << 16) | (scale ?? 0)) + 4
  const shared = fromRow([1700, 1231, -1, name, decimalToText, binaryDecimal])
  return { ...shared, modifier }
}

/** Arrays of arrays are, in PostgreSQL, arrays with more dimensions: of the same type. */
function arrayType(element: ValueType): WireType {
  const item = wireType(element)
  const isNested = element.kind === 'Array' || element.kind === 'Vector'
  const oid = isNested ? item.oid : item.arrayOid
  const innermost = isNested ? innermostType(element) : item
  return {
    ...{ oid, arrayOid: oid, size: -1, modifier: -1, name: `${item.name}[]` },
    text: (items: Iterable<unknown>) =>
      formatArray(
        Array.from(items, value => (value === null ? null : item.text(value as never))),
        isNested
      ),
    binary: (items: Iterable<unknown>) => binaryArray(items, innermost, depthOf(element) + 1)
  }
}

function depthOf(type: ValueType): number {
  if (type.kind === 'Array') return 1 + depthOf(type.element)
  return type.kind === 'Vector' ? 1 : 0
}

function innermostType(type: ValueType): WireType {
  if (type.kind === 'Array') return innermostType(type.element)
  return wireType(type.kind === 'Vector' ? { kind: 'Double' } : type)
}

function rowType({ fields }: Extract<ValueType, { kind: 'Row' }>): WireType {
  const items = fields.map(({ type }) => wireType(type))
  return {
    ...{ oid: 2249, arrayOid: 2287, size: -1, modifier: -1, name: 'record' },
    text: (values: readonly unknown[]) =>
      formatRow(values.map((value, i) => (value === null ? null : items[i]!.text(value as never)))),
    binary: (values: readonly unknown[]) => binaryRecord(values, items)
  }
}
