import { DuckDBDecimalValue, DuckDBTimestampValue, type DuckDBValue } from '@duckdb/node-api'

/** A row as our JSON: all digits of a number, times as ISO 8601 with milliseconds. */
export function showRow(names: readonly string[], row: readonly DuckDBValue[]): string {
  const members = names.map((name, i) => `${JSON.stringify(name)}:${showValue(row[i]!)}`)
  return `{${members.join(',')}}`
}

function showValue(value: DuckDBValue): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'string':
      return JSON.stringify(value)
    case 'number':
      // JSON has no such number, and our pipelines refuse the row.
      if (!Number.isFinite(value)) throw new Error(`the batch engine answers ${value}`)
      return String(value)
    default:
      return showObject(value)
  }
}

function showObject(value: DuckDBValue & object): string {
  if (value instanceof DuckDBDecimalValue) return value.toString()
  if (value instanceof DuckDBTimestampValue) {
    const ms = Number(value.micros) / 1000
    if (!Number.isInteger(ms)) throw new Error(`${value} is finer than a millisecond`)
    return `"${new Date(ms).toISOString()}"`
  }
  throw new Error(`a value that no test compares yet: ${value.constructor.name}`)
}
