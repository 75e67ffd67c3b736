import type { SqlType } from '../../../compiler/types/index.ts'
import type { Random } from '../functions/random-value.ts'

/** A schema, a value of it as the library takes it, and a column that it may be read as. */
export interface RandomType {
  readonly schema: unknown
  value(): unknown
  readonly sql: SqlType
}

/** Makes types and values, of which some are as extreme as they may be. */
export function makeTypes(random: Random): (depth?: number) => RandomType {
  const below = (count: number): number => (count === 0 ? 0 : random(count))
  const chance = (): number => random(1 << 30) / (1 << 30)
  const pick = <T>(all: readonly T[]): T => all[below(all.length)]!
  let names = 0
  const long = (): bigint =>
    pick([
      () => BigInt(below(200) - 100),
      () => pick([2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 53n - 1n, 0n]),
      () => pick([2n ** 63n - 1n, -(2n ** 63n), 2n ** 62n, 127n, 128n, -65n, 2n ** 28n, 2n ** 56n]),
      () => BigInt.asIntN(64, BigInt(Math.floor(chance() * 2 ** 52)) << BigInt(below(12)))
    ])()
  const int = (): number => pick([below(100), 2 ** 31 - 1, -(2 ** 31), -1, below(1 << 20)])
  const text = (): string =>
    pick(['', 'a', 'ä€𝄞', '"\\', 'x'.repeat(below(200)), 'true', '2026-01-31'])
  const bytes = (size: number): Buffer =>
    Buffer.from(Array.from({ length: size }, () => below(256)))
  const double = (): number => pick([0, -0, 1.5, NaN, Infinity, -1e308, 5e-324, chance()])
  const scalars: readonly (() => RandomType)[] = [
    () => ({ schema: 'boolean', value: () => chance() < 0.5, sql: { kind: 'Boolean' } }),
    () => ({
      schema: 'int',
      value: int,
      sql: { kind: pick(['Int', 'BigInt', 'SmallInt', 'Double', 'Real']) }
    }),
    () => ({ schema: 'long', value: long, sql: { kind: pick(['BigInt', 'Int', 'Double']) } }),
    () => ({ schema: 'long', value: long, sql: { kind: 'Decimal', precision: null, scale: null } }),
    () => ({
      schema: 'float',
      value: () => Math.fround(double()),
      sql: { kind: pick(['Real', 'Double']) }
    }),
    () => ({ schema: 'double', value: double, sql: { kind: pick(['Double', 'Real']) } }),
    () => ({
      schema: 'string',
      value: text,
      sql: { kind: pick(['Text', 'Bytes', 'Json', 'Date', 'Timestamp']) }
    }),
    () => ({ schema: 'bytes', value: () => bytes(below(20)), sql: { kind: 'Bytes' } }),
    () => {
      const size = below(18)
      const schema = { type: 'fixed', name: `F${names++}`, size }
      return { schema, value: () => bytes(size), sql: { kind: 'Bytes' } }
    },
    () => {
      const symbols = ['A', 'B', 'C']
      const schema = { type: 'enum', name: `E${names++}`, symbols }
      return { schema, value: () => pick(symbols), sql: { kind: 'Text' } }
    },
    () => {
      const scale = below(6)
      const schema = { type: 'bytes', logicalType: 'decimal', precision: 30, scale }
      const sql = pick<SqlType>([
        { kind: 'Decimal', precision: null, scale: null },
        { kind: 'Decimal', precision: 12, scale: 2 }
      ])
      return { schema, value: () => bytes(below(14)), sql }
    },
    () => {
      const schema = { type: 'int', logicalType: 'date' }
      return { schema, value: int, sql: { kind: pick(['Date', 'Int', 'Timestamp']) } }
    },
    () => {
      const schema = { type: 'int', logicalType: 'time-millis' }
      return { schema, value: () => pick([below(86_400_000), int()]), sql: { kind: 'Time' } }
    },
    () => {
      const schema = { type: 'long', logicalType: 'time-micros' }
      return { schema, value: () => BigInt(below(86_400_000)) * 1000n + 7n, sql: { kind: 'Time' } }
    },
    ...['timestamp-millis', 'timestamp-micros', 'timestamp-nanos', 'local-timestamp-nanos'].map(
      logicalType => () => ({
        schema: { type: 'long', logicalType },
        value: () => pick([long(), 1_700_000_000_123_456_789n, -1n]),
        sql: { kind: pick(['Timestamp', 'TimestampTz', 'BigInt'] as const) }
      })
    ),
    () => {
      const schema = { type: 'fixed', name: `D${names++}`, size: 12, logicalType: 'duration' }
      return { schema, value: () => bytes(12), sql: { kind: 'Interval' } }
    }
  ]
  const make = (depth = 0): RandomType => {
    const kind = depth > 3 ? 0 : below(10)
    switch (kind) {
      case 6: {
        const inner = make(depth + 1)
        const value = (): unknown => Array.from({ length: below(4) }, () => inner.value())
        return {
          schema: { type: 'array', items: inner.schema },
          value,
          sql: { kind: 'Array', element: inner.sql }
        }
      }
      case 7: {
        const inner = make(depth + 1)
        const value = (): unknown =>
          Object.fromEntries(Array.from({ length: below(4) }, (_, i) => [`k${i}`, inner.value()]))
        return {
          schema: { type: 'map', values: inner.schema },
          value,
          sql: { kind: 'Map', value: inner.sql }
        }
      }
      case 8: {
        const { schema, fields, value } = makeRecord(depth + 1)
        const kept = fields.filter(() => chance() < 0.7)
        const read = [
          ...kept,
          ...(chance() < 0.3 ? [{ name: 'nowhere', sql: { kind: 'Int' } as SqlType }] : [])
        ]
        const sql: SqlType = {
          kind: 'Row',
          fields: read.map(field => ({ name: field.name, type: field.sql, nullable: true }))
        }
        return { schema, value, sql }
      }
      case 9:
      case 5: {
        const inner = make(depth + 1)
        if (isUnion(inner.schema)) return inner
        const branches = chance() < 0.5 ? ['null', inner.schema] : [inner.schema, 'null']
        const name = branchName(inner.schema)
        const value = (): unknown => (chance() < 0.3 ? null : { [name]: inner.value() })
        return { schema: branches, value, sql: inner.sql }
      }
      default:
        return pick(scalars)()
    }
  }
  const makeRecord = (depth: number) => {
    const fields = Array.from({ length: 1 + below(5) }, (_, i) => ({
      name: `f${i}`,
      ...make(depth)
    }))
    const schema = {
      type: 'record',
      name: `R${names++}`,
      fields: fields.map(({ name, schema }) => ({ name, type: schema }))
    }
    const value = (): unknown =>
      Object.fromEntries(fields.map(field => [field.name, field.value()]))
    return { schema, fields, value }
  }
  return make
}

function isUnion(schema: unknown): boolean {
  return Array.isArray(schema)
}

function branchName(schema: unknown): string {
  if (typeof schema === 'string') return schema
  const { type, name } = schema as { type: string; name?: string }
  return name ?? type
}
