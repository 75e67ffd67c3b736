import { jsonExtract } from '../functions/index.ts'

/** The row of a change: as it became, or of a delete as it was. */
export function rowOfChange(change: string): string {
  return (jsonExtract(change, ['after'], -1) ?? jsonExtract(change, ['before'], -1))!
}

/** The rows that a table holds after all its changes: a bag, since a table may have no key. */
export function foldChanges(changes: readonly string[]): string[] {
  const rows = new Map<string, number>()
  const add = (row: string | null, count: number): void => {
    if (row !== null) rows.set(row, (rows.get(row) ?? 0) + count)
  }
  for (const change of changes) {
    // Both are written by the same code from the same row, so equal rows are equal texts.
    add(jsonExtract(change, ['before'], -1), -1)
    add(jsonExtract(change, ['after'], -1), 1)
  }
  return [...rows].flatMap(([row, count]) => {
    if (count < 0) throw new Error(`a table lost a row that it did not have: ${row}`)
    return Array.from({ length: count }, () => row)
  })
}
