import type { StateIdentity } from '../contract/index.ts'
import { decodeRow, encodeRow } from './state-codec.ts'
import { migrateRow } from './state-verdict.ts'

/** A saved row of a table with the columns that the table has now. */
export function migrateBytes(
  row: Uint8Array,
  { before, after }: { readonly before: StateIdentity; readonly after: StateIdentity }
): Uint8Array {
  return encodeRow(migrateRow(decodeRow(row), before, after))
}
