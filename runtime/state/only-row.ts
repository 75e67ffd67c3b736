import { failure } from '../sql/failure.ts'

/** The row that a query gives as a value; null: none. Several fail. */
export function onlyRow<Row>(rows: readonly Row[], site: number): Row | null {
  if (rows.length > 1) {
    throw failure(site, 'several-rows', `a query as a value has found ${rows.length} rows`)
  }
  return rows[0] ?? null
}
