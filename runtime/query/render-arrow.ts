import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal as ArrowDecimal,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  List,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
  makeData,
  vectorFromArray
} from 'apache-arrow'
import type { ResultRows, ValueType } from '../contract/index.ts'
import { type Decimal, pow10 } from '../sql/decimal.ts'
import { valueToJson } from './render-json.ts'

/** How the values of a column become Arrow's. */
interface ArrowColumn {
  readonly type: DataType
  readonly convert: (value: never) => unknown
}

const same = (value: unknown): unknown => value

const plain: Readonly<Record<string, () => ArrowColumn>> = {
  Boolean: () => ({ type: new Bool(), convert: same }),
  SmallInt: () => ({ type: new Int16(), convert: same }),
  Int: () => ({ type: new Int32(), convert: same }),
  BigInt: () => ({ type: new Int64(), convert: (value: number | bigint) => BigInt(value) }),
  Real: () => ({ type: new Float32(), convert: same }),
  Double: () => ({ type: new Float64(), convert: same }),
  Text: () => ({ type: new Utf8(), convert: same }),
  Json: () => ({ type: new Utf8(), convert: same }),
  Bytes: () => ({ type: new Binary(), convert: same }),
  Date: () => ({ type: new DateDay(), convert: (days: number) => new Date(days * 86_400_000) }),
  Time: () => ({ type: new TimeMillisecond(), convert: same }),
  Timestamp: () => ({ type: new TimestampMillisecond(), convert: same }),
  TimestampTz: () => ({ type: new TimestampMillisecond('UTC'), convert: same })
}

/** Rows as one record batch of an Arrow IPC stream. INTERVAL, ROW and MAP are JSON texts. */
export function renderArrow({ columns, rows }: ResultRows): Uint8Array {
  const vectors = columns.map(({ valueType }, i) => {
    const values = rows.map(row => row[i])
    const { type, convert } = columnOf(valueType, values)
    const converted = values.map(value => (value === null ? null : convert(value as never)))
    return { type, data: vectorFromArray(converted, type).data[0] ?? makeData({ type } as never) }
  })
  const schema = new Schema(columns.map(({ name }, i) => new Field(name, vectors[i]!.type, true)))
  const struct = makeData({
    type: new Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children: vectors.map(({ data }) => data)
  })
  const writer = new RecordBatchStreamWriter()
  writer.write(new RecordBatch(schema, struct))
  writer.finish()
  return writer.toUint8Array(true)
}

function columnOf(type: ValueType, values: readonly unknown[]): ArrowColumn {
  switch (type.kind) {
    case 'Decimal':
      return decimalColumn(type.precision, type.scale, values)
    case 'Array': {
      const items = values.flatMap(value => (value === null ? [] : (value as readonly unknown[])))
      const { type: element, convert } = columnOf(type.element, items)
      return {
        type: new List(new Field('item', element, true)),
        convert: (list: readonly unknown[]) =>
          list.map(item => (item === null ? null : convert(item as never)))
      }
    }
    case 'Vector': {
      const item = new Field('item', new Float64(), false)
      return {
        type: new FixedSizeList(type.dimensions, item),
        convert: (vector: Float64Array) => [...vector]
      }
    }
    default:
      return plain[type.kind]?.() ?? { type: new Utf8(), convert: valueToJson(type) }
  }
}

/** A bare DECIMAL has a scale per value: the column takes the largest. */
function decimalColumn(
  precision: number | null,
  declared: number | null,
  values: readonly unknown[]
): ArrowColumn {
  const scales = values.map(value => (value as Decimal | null)?.scale ?? 0)
  const scale = declared ?? scales.reduce((most, one) => Math.max(most, one), 0)
  return {
    type: new ArrowDecimal(scale, precision ?? 38, 128),
    convert: ({ unscaled, scale: own }: Decimal) => words(unscaled * pow10(scale - own))
  }
}

/** 128 bits in two's complement, as four words from the lowest. */
function words(value: bigint): Uint32Array {
  const bits = BigInt.asUintN(128, value)
  return Uint32Array.from({ length: 4 }, (_, i) => Number((bits >> BigInt(32 * i)) & 0xffffffffn))
}
