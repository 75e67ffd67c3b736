import avro, { type Type } from 'avsc'

/** A long is a bigint, whatever its size. */
function makeLong(): Type {
  return avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer(value: bigint) {
      const buffer = Buffer.alloc(8)
      buffer.writeBigInt64LE(value)
      return buffer
    },
    fromJSON: BigInt,
    // JSON's numbers are doubles to the library.
    toJSON: (value: bigint) =>
      Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
  })
}

/** A type that means something: its values stay what they are, and its name is known. */
class Meaning extends avro.types.LogicalType {
  readonly meaning: string
  readonly scale: number
  constructor(schema: unknown, options?: unknown) {
    super(schema as never, options)
    const { logicalType, scale = 0 } = schema as { logicalType: string; scale?: number }
    this.meaning = logicalType
    this.scale = scale
  }
  override _fromValue(value: unknown): unknown {
    return value
  }
  override _toValue(value: unknown): unknown {
    return value
  }
  override _resolve(): undefined {}
}

const ofLongs = [
  ...['time-micros', 'timestamp-millis', 'timestamp-micros', 'timestamp-nanos'],
  ...['local-timestamp-millis', 'local-timestamp-micros', 'local-timestamp-nanos']
]
const ofOthers = ['decimal', 'uuid', 'date', 'time-millis', 'duration']

const longName = (meaning: string): string => `long.${meaning.replaceAll('-', '_')}`

/** The library makes longs of its own for those that mean something: here each is a type with a name. */
const longs = new Map([null, ...ofLongs].map(meaning => [meaning, makeLong()]))
const registry = Object.fromEntries(
  [...longs].map(([meaning, type]) => [meaning === null ? 'long' : longName(meaning), type])
)

/** A schema as the library has it; values of unions say of which type they are. */
export function openAvro(schema: string, references: readonly string[] = []): Type {
  const options = {
    registry: { ...registry },
    wrapUnions: 'always' as const,
    logicalTypes: Object.fromEntries(ofOthers.map(name => [name, Meaning]))
  }
  const parse = (text: string): Type =>
    avro.Type.forSchema(nameLongs(JSON.parse(text)) as never, options as never)
  for (const reference of references) parse(reference)
  return parse(schema)
}

function nameLongs(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(nameLongs)
  if (typeof schema !== 'object' || schema === null) return schema
  const { type, logicalType, fields, items, values, ...rest } = schema as Record<string, unknown>
  if (type === 'long')
    return ofLongs.includes(String(logicalType)) ? longName(String(logicalType)) : type
  return {
    ...rest,
    type: nameLongs(type),
    ...(logicalType === undefined ? {} : { logicalType }),
    ...(items === undefined ? {} : { items: nameLongs(items) }),
    ...(values === undefined ? {} : { values: nameLongs(values) }),
    ...(Array.isArray(fields)
      ? {
          fields: (fields as readonly { readonly type: unknown }[]).map(field => ({
            ...field,
            type: nameLongs(field.type)
          }))
        }
      : {})
  }
}

/** What a type means, and the type below. */
export function meaningOf(type: Type): {
  readonly base: Type
  readonly meaning: string | null
  readonly scale: number
} {
  if (type instanceof Meaning) {
    return { base: type.underlyingType, meaning: type.meaning, scale: type.scale }
  }
  const meaning = [...longs].find(([, long]) => long === type)?.[0] ?? null
  return { base: type, meaning, scale: 0 }
}
