import { tableKey } from './table-key.ts'

type Row = readonly unknown[]

/** Whether two rows hold the same values; one that is not there is like no row. */
export function sameRow(a: Row | null, b: Row | null): boolean {
  if (a === null || b === null) return a === b
  return a.every((value, i) => sameValue(value, b[i]))
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return tableKey(a) === tableKey(b)
}
