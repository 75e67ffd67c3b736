import type { ValueType } from '../contract/index.ts'
import { castDecimal, type Decimal } from '../sql/decimal.ts'
import type { Interval } from '../sql/interval.ts'
import { ValueError } from '../sql/value-error.ts'

/** About how many bytes a value takes; -1: Arrow can't say it. */
export type Measure = (value: unknown) => number

/** Milliseconds whose nanoseconds fit into 64 bits. */
const MOST_INTERVAL = 9_223_372_036_854

export function measureOf(type: ValueType): Measure {
  const measure = measureNotNull(type)
  return value => (value === null ? 1 : measure(value as never))
}

function measureNotNull(type: ValueType): (value: never) => number {
  switch (type.kind) {
    case 'Text':
    case 'Json':
      // UTF-8 has no half of a surrogate pair.
      return (value: string) => (value.isWellFormed() ? 4 + value.length * 2 : -1)
    case 'Bytes':
      return (value: Uint8Array) => 4 + value.length
    case 'Interval':
      return ({ ms }: Interval) => (Math.abs(ms) > MOST_INTERVAL ? -1 : 16)
    case 'Decimal':
      return (value: Decimal) => (fits(value, type.precision ?? 38, type.scale ?? 0) ? 16 : -1)
    case 'Vector':
      return () => 8 * type.dimensions
    case 'Array': {
      const element = measureOf(type.element)
      return (values: readonly unknown[]) => sum(values, element)
    }
    case 'Map': {
      const key = measureOf({ kind: 'Text' })
      const value = measureOf(type.value)
      return (map: ReadonlyMap<string, unknown>) => {
        const [keys, values] = [sum([...map.keys()], key), sum([...map.values()], value)]
        return keys < 0 || values < 0 ? -1 : keys + values
      }
    }
    case 'Row': {
      const fields = type.fields.map(field => measureOf(field.type))
      return (row: readonly unknown[]) => {
        let total = 1
        for (let i = 0; i < fields.length; i++) {
          const size = fields[i]!(row[i] ?? null)
          if (size < 0) return -1
          total += size
        }
        return total
      }
    }
    default:
      return () => 8
  }
}

function sum(values: readonly unknown[], measure: Measure): number {
  let total = 4
  for (const value of values) {
    const size = measure(value)
    if (size < 0) return -1
    total += size
  }
  return total
}

function fits(value: Decimal, precision: number, scale: number): boolean {
  try {
    castDecimal(value, precision, scale)
    return true
  } catch (error) {
    if (error instanceof ValueError) return false
    throw error
  }
}
