import type { TableRow } from '../contract/index.ts'
import { decodeRow, encodeRow } from '../state/state-codec.ts'
import type { OverPartition, OverRow } from './over-partition.ts'

/** What a key of the changelog begins with. */
const ROW = 0
const PARTITION = 1

/** What a key of the changelog is of: a row, or a partition by its values. */
export type SavedKey =
  { readonly number: number } | { readonly values: readonly unknown[]; readonly number: null }

export function readKey(key: Uint8Array): SavedKey {
  const [kind, ...values] = decodeRow(key)
  return kind === ROW ? { number: values[0] as number } : { values, number: null }
}

export function keyOfRow(number: number): Uint8Array {
  return encodeRow([ROW, number])
}

export function keyOfPartition({ values }: { readonly values: readonly unknown[] }): Uint8Array {
  return encodeRow([PARTITION, ...values])
}

export function encodeOverRow<Row extends TableRow>({ number, row }: OverRow<Row>) {
  return { key: keyOfRow(number), row: encodeRow(row) }
}

export function encodePartition<Row extends TableRow>(partition: OverPartition<Row>) {
  return { key: keyOfPartition(partition), row: encodeRow(partition.save()) }
}
