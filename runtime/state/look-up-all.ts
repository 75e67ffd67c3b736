import type { TableKey, TableRow } from '../contract/index.ts'
import type { TableState } from './table-state.ts'

/** Written to so that no engine leaves out what is only looked at. */
const seen = new Float64Array(1)

/**
 * Looks up rows that wait: `values[0]` holds their keys, and `values[1]` gets the table's rows, null for none. `texts` are the
 * columns whose texts are read then. It goes in turns: all keys, all rows, all texts. Each lies somewhere in more memory than caches
 * hold, and a processor waits for many of them at the same time where nothing else stands between.
 */
export function lookUpAll<Row extends TableRow>(
  table: TableState<Row>,
  { count, values }: { readonly count: number; readonly values: readonly unknown[][] },
  texts: readonly number[]
): void {
  const keys = values[0] as (TableKey | null)[]
  const found = values[1] as (Row | null)[]
  let sum = 0
  for (let w = 0; w < count; w++) found[w] = table.get(keys[w]!)
  for (let w = 0; w < count; w++) sum += look(found[w]!)
  for (const column of texts) for (let w = 0; w < count; w++) sum += lookAt(found[w]!, column)
  seen[0]! += sum
}

function look(row: TableRow | null): number {
  return row === null || row[row.length - 1] === null ? 0 : 1
}

function lookAt(row: TableRow | null, column: number): number {
  const text = row === null ? null : (row[column] as string | null)
  return text === null ? 0 : text.length
}
