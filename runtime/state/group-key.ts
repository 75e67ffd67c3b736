import { tableKey } from './table-key.ts'

/**
 * What tells groups apart: equal for keys of which each value is the other's, NULL included. Texts go in front of their
 * length, so that no two lists of them make one key.
 */
export function groupKey(...values: readonly unknown[]): unknown {
  if (values.length === 1) return values[0] === null ? null : tableKey(values[0])
  let key = ''
  for (const value of values) {
    const part = value === null ? null : tableKey(value)
    key += part === null ? '-' : `${typeof part === 'string' ? part.length : ''}:${String(part)};`
  }
  return key
}
