import type { TableKey } from '../contract/index.ts'
import type { Decimal } from '../sql/decimal.ts'

/**
 * The key that values make together; null where one of them is NULL. Values that SQL calls equal give the same key: 1.50 and
 * 1.5, -0 and 0, NaN and NaN. The values' types are those of one key: two types never meet.
 */
export function tableKey(...values: readonly unknown[]): TableKey | null {
  if (values.length === 1) return values[0] === null ? null : keyOf(values[0])
  if (values.includes(null)) return null
  return JSON.stringify(values.map(value => String(keyOf(value))))
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
  if (value instanceof Map) return keyOfObject([...value].map(([name, item]) => [name, item]))
  const items =
    Array.isArray(value) || ArrayBuffer.isView(value) ? [...(value as Iterable<unknown>)] : null
  const parts = items ?? Object.values(value)
  return JSON.stringify(parts.map(item => (item === null ? null : String(keyOf(item)))))
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
