import type { DerivedRows } from '../contract/index.ts'
import { rowError } from './row-error.ts'

/** What a view makes of a row that was: null where it failed then, which was told. */
export function viewBefore<Row, View>(view: (row: Row) => View | null, row: Row): View | null {
  try {
    return view(row)
  } catch (error) {
    rowError(error)
    return null
  }
}

/** What a view makes of a row that is: null where it fails, which is told. */
export function viewAfter<Row, View>(
  view: (row: Row) => View | null,
  row: Row,
  rows: DerivedRows
): View | null {
  try {
    return view(row)
  } catch (error) {
    rows.reject(0, rowError(error))
    return null
  }
}
