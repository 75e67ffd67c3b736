import type { ResultRows, ValueType } from '../contract/index.ts'
import { bytesToBase64 } from '../sql/bytes.ts'
import { formatDate, formatTimeOfDay } from '../sql/date-text.ts'
import { type Decimal, formatDecimal } from '../sql/decimal.ts'
import { formatIsoInterval } from '../sql/interval-text.ts'
import type { Interval } from '../sql/interval.ts'
import { shortestReal } from '../sql/real.ts'

/** A value that is not NULL as JSON. */
type Render = (value: never) => string

const quoted = JSON.stringify as (text: string) => string

const plain: Readonly<Record<string, Render>> = {
  Boolean: String,
  SmallInt: String,
  Int: String,
  BigInt: String,
  Real: (value: number) => numberText(shortestReal(value)),
  Double: (value: number) => numberText(value),
  Decimal: (value: Decimal) => formatDecimal(value),
  Text: quoted,
  Bytes: (value: Uint8Array) => quoted(bytesToBase64(value)),
  Date: (value: number) => quoted(formatDate(value)),
  Time: (value: number) => quoted(formatTimeOfDay(value)),
  Timestamp: (value: number) => quoted(new Date(value).toISOString()),
  TimestampTz: (value: number) => quoted(new Date(value).toISOString()),
  Interval: (value: Interval) => quoted(formatIsoInterval(value)),
  Json: (value: string) => value,
  Null: () => 'null'
}

/** JSON has no number for NaN and the infinities: they are told by their names. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : quoted(String(value))
}

/** Rows as a JSON document: columns with their types, then arrays of values, with all digits. */
export function renderRows({ columns, rows }: ResultRows): Uint8Array {
  const heads = columns.map(({ name, type }) => JSON.stringify({ name, type }))
  const renders = columns.map(({ valueType }) => nullable(renderOf(valueType)))
  const lines = rows.map(row => `[${row.map((value, i) => renders[i]!(value)).join(',')}]`)
  return Buffer.from(`{"columns":[${heads.join(',')}],"rows":[${lines.join(',\n')}]}\n`)
}

/** How values of a type that are not NULL become JSON texts. */
export function valueToJson(type: ValueType): (value: never) => string {
  return renderOf(type)
}

function nullable(render: Render): (value: unknown) => string {
  return value => (value === null ? 'null' : render(value as never))
}

function renderOf(type: ValueType): Render {
  switch (type.kind) {
    case 'Array': {
      const item = nullable(renderOf(type.element))
      return (values: readonly unknown[]) => `[${values.map(item).join(',')}]`
    }
    case 'Row': {
      const fields = type.fields.map(({ name, type: field }) => ({
        name: JSON.stringify(name),
        render: nullable(renderOf(field))
      }))
      return (values: readonly unknown[]) =>
        `{${fields.map(({ name, render }, i) => `${name}:${render(values[i])}`).join(',')}}`
    }
    case 'Map': {
      const item = nullable(renderOf(type.value))
      return (entries: ReadonlyMap<string, unknown>) =>
        `{${[...entries].map(([name, value]) => `${JSON.stringify(name)}:${item(value)}`).join(',')}}`
    }
    case 'Vector':
      return (values: Float64Array) => `[${Array.from(values, numberText).join(',')}]`
    default:
      return plain[type.kind]!
  }
}
