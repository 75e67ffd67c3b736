import type { TableKey } from '../contract/index.ts'
import type { Decimal } from '../sql/decimal.ts'
import { type Interval, intervalKey } from '../sql/interval.ts'

/**
 * The key that values make together; null where one of them is NULL. Values that SQL calls equal give the same key: 1.50 and
 * 1.5, -0 and 0, 1 month and 30 days, NaN and NaN. The values' types are those of one key: two types never meet.
 */
export function tableKey(...values: readonly unknown[]): TableKey | null {
  if (values.length === 1) return values[0] === null ? null : keyOf(values[0])
  if (values.includes(null)) return null
  return JSON.stringify(values.map(value => String(keyOf(value))))
}

/** No value of any type has this key: a BIGINT has 64 bits, and what else is longer is no number. */
const NULL_KEY: TableKey = 2n ** 64n

/** As `tableKey`, where NULL is a value as any other. */
export function nullableKey(...values: readonly unknown[]): TableKey {
  if (values.length === 1) return values[0] === null ? NULL_KEY : keyOf(values[0])
  return keyOfItems(values)
}

function keyOf(value: unknown): TableKey {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value
    default:
      return keyOfObject(value as object)
  }
}

function keyOfObject(value: object): TableKey {
  if (isDecimal(value)) return decimalKey(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (isInterval(value)) return intervalKey(value)
  if (value instanceof Map) return keyOfMap(value as ReadonlyMap<string, unknown>)
  return keyOfItems([...(value as Iterable<unknown>)])
}

function keyOfItems(items: readonly unknown[]): string {
  return JSON.stringify(items.map(item => (item === null ? null : String(keyOf(item)))))
}

/** The order of a map's entries does not count. */
function keyOfMap(map: ReadonlyMap<string, unknown>): string {
  const names = [...map.keys()].sort()
  return keyOfItems(names.map(name => [name, map.get(name)]))
}

function isInterval(value: object): value is Interval {
  return 'months' in value
}

function isDecimal(value: object): value is Decimal {
  return 'unscaled' in value
}

/** Without zeros at the end, so that the scale does not count. */
function decimalKey({ unscaled, scale }: Decimal): string {
  let digits = unscaled
  let places = scale
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n
    places--
  }
  return `${digits}e-${places}`
}
