import type { TableRow } from '../contract/index.ts'
import { KeySet } from '../state/key-set.ts'
import { tableKey } from '../state/table-key.ts'

/** Equal rows have equal keys, and NULL equals NULL. */
export function rowKey(row: TableRow): string {
  return JSON.stringify(row.map(value => (value === null ? null : String(tableKey(value)))))
}

/** A test that a row passes where no equal one came before. */
export function firstOfItsKind(): (row: TableRow) => boolean {
  const seen = new KeySet<string>()
  return row => seen.add(rowKey(row))
}
