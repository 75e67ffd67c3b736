import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  LargeUtf8,
  List,
  makeData,
  Map_,
  Null,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  vectorFromArray
} from 'apache-arrow'

/** A record's value as fixtures write it: an IPC stream, or a file, of batches of rows. */
export interface ArrowValue {
  /** By the name of a column: its type, as `typeOf` reads it. */
  readonly schema: Readonly<Record<string, ArrowTypeName>>
  /** Batches of rows, and in a row a value for each column. */
  readonly batches: readonly (readonly (readonly unknown[])[])[]
  readonly file?: boolean
}

/** The name of a type; `[t]`: a list of t; an object: a struct of its members. */
export type ArrowTypeName =
  string | readonly [ArrowTypeName] | { readonly [name: string]: ArrowTypeName }

/** Written by Apache's library, which shares nothing with what reads it. */
export function makeArrow({ schema, batches, file = false }: ArrowValue): Uint8Array {
  const types = Object.entries(schema).map(([name, type]) => ({ name, ...typeOf(type) }))
  const fields = types.map(({ name, type }) => new Field(name, type, true))
  const writer = file ? new RecordBatchFileWriter() : new RecordBatchStreamWriter()
  const whole = new Schema(fields)
  for (const rows of batches) {
    const children = types.map(({ type, convert }, i) => {
      const values = rows.map(row => (row[i] === null ? null : convert(row[i] as never)))
      return vectorFromArray(values, type).data[0] ?? makeData({ type } as never)
    })
    const { length } = rows
    const struct = makeData({ type: new Struct(fields), length, nullCount: 0, children })
    writer.write(new RecordBatch(whole, struct))
  }
  if (batches.length === 0)
    writer.write(
      new RecordBatch(
        whole,
        makeData({
          type: new Struct(fields),
          length: 0,
          nullCount: 0,
          children: types.map(({ type }) => makeData({ type } as never))
        })
      )
    )
  writer.finish()
  return writer.toUint8Array(true)
}

interface Typed {
  readonly type: DataType
  readonly convert: (value: never) => unknown
}

const same = (value: unknown): unknown => value
const big = (value: number | string): bigint => BigInt(value)
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

const plain: Readonly<Record<string, () => Typed>> = {
  null: () => ({ type: new Null(), convert: same }),
  bool: () => ({ type: new Bool(), convert: same }),
  int8: () => ({ type: new Int8(), convert: same }),
  int16: () => ({ type: new Int16(), convert: same }),
  int32: () => ({ type: new Int32(), convert: same }),
  int64: () => ({ type: new Int64(), convert: big }),
  uint8: () => ({ type: new Uint8(), convert: same }),
  uint16: () => ({ type: new Uint16(), convert: same }),
  uint32: () => ({ type: new Uint32(), convert: same }),
  uint64: () => ({ type: new Uint64(), convert: big }),
  float32: () => ({ type: new Float32(), convert: same }),
  float64: () => ({ type: new Float64(), convert: same }),
  utf8: () => ({ type: new Utf8(), convert: same }),
  large_utf8: () => ({ type: new LargeUtf8(), convert: same }),
  binary: () => ({ type: new Binary(), convert: bytes }),
  fixed4: () => ({ type: new FixedSizeBinary(4), convert: bytes }),
  date32: () => ({ type: new DateDay(), convert: (text: string) => new Date(text) }),
  date64: () => ({ type: new DateMillisecond(), convert: (text: string) => new Date(text) }),
  'time[s]': () => ({ type: new TimeSecond(), convert: same }),
  'time[us]': () => ({ type: new TimeMicrosecond(), convert: big }),
  'timestamp[s]': () => ({ type: new TimestampSecond(), convert: Date.parse }),
  'timestamp[ms]': () => ({ type: new TimestampMillisecond(), convert: Date.parse }),
  'timestamp[us]': () => ({ type: new TimestampMicrosecond(), convert: Date.parse }),
  'timestamp[ns]': () => ({ type: new TimestampNanosecond('UTC'), convert: Date.parse }),
  dictionary: () => ({ type: new Dictionary(new Utf8(), new Int32()), convert: same })
}

/** `decimal(10,2)` takes its digits without a point; `vector(3)` and `map` take lists and objects of numbers. */
function typeOf(name: ArrowTypeName): Typed {
  if (typeof name !== 'string') return isList(name) ? listOf(name[0]) : structOf(name)
  const known = plain[name]
  if (known !== undefined) return known()
  const [kind, ...sizes] = name.split(/[(),]/)
  const [first, second] = sizes.map(Number)
  if (kind === 'decimal') return { type: new Decimal(second!, first!, 128), convert: words }
  if (kind === 'vector') {
    return {
      type: new FixedSizeList(first!, new Field('item', new Float64(), true)),
      convert: same
    }
  }
  if (kind !== 'map') throw new Error(`no type ${name}`)
  const key = new Field('key', new Utf8(), false)
  const fields = [key, new Field('value', new Int32(), true)]
  return {
    type: new Map_(new Field('entries', new Struct(fields) as never, false)),
    convert: (object: Record<string, number>) => new Map(Object.entries(object))
  }
}

function isList(name: ArrowTypeName): name is readonly [ArrowTypeName] {
  return Array.isArray(name)
}

function listOf(name: ArrowTypeName): Typed {
  const { type, convert } = typeOf(name)
  return {
    type: new List(new Field('item', type, true)),
    convert: (items: readonly unknown[]) =>
      items.map(item => (item === null ? null : convert(item as never)))
  }
}

function structOf(name: { readonly [name: string]: ArrowTypeName }): Typed {
  const inner = Object.entries(name).map(([field, type]) => ({ field, ...typeOf(type) }))
  return {
    type: new Struct(inner.map(({ field, type }) => new Field(field, type, true))),
    convert: (object: Record<string, unknown>) =>
      Object.fromEntries(
        inner.map(({ field, convert }) => {
          const value = object[field] ?? null
          return [field, value === null ? null : convert(value as never)]
        })
      )
  }
}

/** 128 bits in two's complement, as four words from the lowest. */
function words(unscaled: string): Uint32Array {
  const bits = BigInt.asUintN(128, BigInt(unscaled))
  return Uint32Array.from({ length: 4 }, (_, i) => Number((bits >> BigInt(32 * i)) & 0xffffffffn))
}
