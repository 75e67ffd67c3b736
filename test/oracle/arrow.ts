import { DataType, type StructRow, type Table, tableFromIPC, type Vector } from 'apache-arrow'
import type { SqlType } from '../../compiler/types/index.ts'
import { Failure } from './failure.ts'
import { showJson } from './show.ts'
import type { Value } from './value.ts'

/**
 * The rows of an Arrow IPC stream, as Apache's library reads it, each as a JSON document; throws a Failure where it is none. Texts of
 * `json` fields, and of those that say so of themselves, are JSON.
 */
export function arrowDocuments(
  bytes: Uint8Array | null,
  json: readonly string[] = []
): Uint8Array[] {
  if (bytes === null) throw new Failure('null-value', 'no value')
  if (bytes.length === 0) throw new Failure('empty-value', 'empty')
  const table = readTable(bytes)
  const fields = table.schema.fields.map(({ name, type, metadata }, i) => ({
    name,
    isJson: json.includes(name) || metadata.get('ARROW:extension:name') === 'arrow.json',
    kind: kindOf(type),
    column: table.getChildAt(i) as Vector
  }))
  return Array.from({ length: table.numRows }, (_, row) => {
    const members = fields.map(({ name, isJson, kind, column }) => {
      const value = valueOf(column.get(row), kind)
      const shown = isJson && value !== null ? String(value) : showJson(value, kind.type)
      return `${JSON.stringify(name)}:${shown}`
    })
    return new TextEncoder().encode(`{${members.join(',')}}`)
  })
}

function readTable(bytes: Uint8Array): Table {
  try {
    const table = tableFromIPC(bytes) as Table
    if (table.schema.fields.length > 0) return table
  } catch {
    // What it says of such bytes differs from version to version.
  }
  throw new Failure('malformed-arrow', 'no Arrow')
}

/** A type of Arrow as the SQL type that its values are shown as. */
interface Kind {
  readonly type: SqlType
  /** Of a value that is not null, as the library gives it. */
  convert(value: never): Value
}

function valueOf(value: unknown, { convert }: Kind): Value {
  return value === null || value === undefined ? null : convert(value as never)
}

function kindOf(type: DataType): Kind {
  if (DataType.isDictionary(type)) return kindOf(type.dictionary as DataType)
  if (DataType.isBool(type)) return { type: { kind: 'Boolean' }, convert: (v: boolean) => v }
  if (DataType.isInt(type)) {
    return { type: { kind: 'BigInt' }, convert: (v: number | bigint) => BigInt(v) }
  }
  if (DataType.isFloat(type)) {
    const kind = type.precision === 1 ? 'Real' : 'Double'
    return { type: { kind }, convert: (v: number) => v }
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    return { type: { kind: 'Text' }, convert: (v: string) => v }
  }
  return kindOfTime(type) ?? kindInside(type) ?? kindOfBytes(type)
}

function kindOfBytes(type: DataType): Kind {
  if (DataType.isDecimal(type)) {
    const { scale } = type
    return {
      type: { kind: 'Decimal', precision: null, scale: null },
      convert: (words: Uint32Array) => ({ unscaled: unscaled(words), scale })
    }
  }
  if (DataType.isNull(type)) return { type: { kind: 'Null' }, convert: () => null }
  return { type: { kind: 'Bytes' }, convert: (v: Uint8Array) => v }
}

function unscaled(words: Uint32Array): bigint {
  const bits = [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n)
  return BigInt.asIntN(32 * words.length, bits)
}

function kindOfTime(type: DataType): Kind | null {
  if (DataType.isDate(type)) {
    return { type: { kind: 'Date' }, convert: (ms: number) => Math.floor(ms / 86_400_000) }
  }
  if (DataType.isTime(type)) {
    const perSecond = [1n, 1000n, 1_000_000n, 1_000_000_000n][type.unit]!
    const convert = (v: number | bigint): number => Number((BigInt(v) * 1000n) / perSecond)
    return { type: { kind: 'Time' }, convert }
  }
  if (DataType.isTimestamp(type)) {
    return { type: { kind: 'Timestamp' }, convert: (ms: number) => Math.floor(ms) }
  }
  if (!DataType.isInterval(type)) return null
  return {
    type: { kind: 'Interval' },
    convert: (v: Int32Array) => {
      const [months, days, low, high] = [...v].map(BigInt)
      const nanos = BigInt.asIntN(64, (high! << 32n) | BigInt.asUintN(32, low!))
      return { months: months!, days: days!, ms: nanos / 1_000_000n }
    }
  }
}

function kindInside(type: DataType): Kind | null {
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const element = kindOf(type.children[0]!.type)
    return {
      type: { kind: 'Array', element: element.type },
      convert: (items: Vector) => [...items].map(item => valueOf(item, element))
    }
  }
  if (DataType.isStruct(type)) {
    const fields = type.children.map(({ name, type: inner }) => ({ name, kind: kindOf(inner) }))
    return {
      type: {
        kind: 'Row',
        fields: fields.map(({ name, kind }) => ({ name, type: kind.type, nullable: true }))
      },
      convert: (row: StructRow) =>
        fields.map(({ name, kind }) =>
          valueOf((row as unknown as Record<string, unknown>)[name], kind)
        )
    }
  }
  if (!DataType.isMap(type)) return null
  const value = kindOf(type.children[0]!.type.children[1]!.type)
  return {
    type: { kind: 'Map', value: value.type },
    convert: (map: Iterable<[string, unknown]>) =>
      new Map([...map].map(([key, item]) => [key, valueOf(item, value)]))
  }
}
