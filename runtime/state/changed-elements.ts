import { sameRow } from './same-row.ts'

/**
 * The rows that were made of a row beside those that are made of it now, by their place; without those that stay as they are.
 * Costs the rows of both.
 */
export function* changedElements<Row extends readonly unknown[]>(
  before: readonly Row[] | null,
  after: readonly Row[] | null
): Generator<readonly [was: Row | null, is: Row | null]> {
  const count = Math.max(before?.length ?? 0, after?.length ?? 0)
  for (let i = 0; i < count; i++) {
    const was = before?.[i] ?? null
    const is = after?.[i] ?? null
    if (!sameRow(was, is)) yield [was, is]
  }
}
