import { setImmediate } from 'node:timers/promises'
import type { TableRow } from '../contract/index.ts'
import { type WireColumn, writeRow } from './messages.ts'
import type { Output } from './output.ts'

/** Bytes that are sent at once. The pipeline goes on between two of them. */
const CHUNK = 64 << 10

export function sendRows(
  output: Output,
  rows: readonly TableRow[],
  columns: readonly WireColumn[],
  formatOf: (column: number) => number
): Promise<void> {
  return sendEach(output, rows, row => writeRow(output.writer, row, columns, formatOf))
}

/** What `write` makes of each row. */
export async function sendEach(
  output: Output,
  rows: readonly TableRow[],
  write: (row: TableRow) => void
): Promise<void> {
  for (const row of rows) {
    write(row)
    if (output.writer.size < CHUNK) continue
    await output.flush()
    await setImmediate()
    output.checkCancelled()
  }
}
