import type { AskedTables, PipelineContext, TableKey, TableRow } from '../contract/index.ts'
import {
  type Changed,
  deleteRows,
  insertRows,
  type TableState,
  updateRows
} from '../state/index.ts'
import type { Query } from './query.ts'
import { runQuery } from './run-query.ts'

/** What statements of a script may ask: they read no system tables. */
export function askTables(pipeline: PipelineContext): AskedTables {
  return { table: name => pipeline.table(name), system: () => [] }
}

/** INSERT of what a query gives: it has read all its rows before the first is there. Answers how many. */
export function insertQuery<Row extends TableRow>(
  query: Query,
  table: TableState<Row>,
  changed: Changed<Row>,
  asked: AskedTables,
  site: number
): number {
  return insertRows(table, runQuery(query, asked) as readonly Row[], changed, site)
}

/** UPDATE of rows that a query finds: it gives their keys, and behind each the row as it becomes. Answers how many. */
export function updateQuery<Row extends TableRow>(
  query: Query,
  table: TableState<Row>,
  changed: Changed<Row>,
  asked: AskedTables,
  site: number
): number {
  const updates = runQuery(query, asked).map(([first, ...after]) => {
    const key = first as TableKey
    return { key, before: table.get(key)!, after: after as TableRow as Row }
  })
  return updateRows(table, updates, changed, site)
}

/** DELETE of the rows whose keys a query gives. Answers how many. */
export function deleteQuery<Row extends TableRow>(
  query: Query,
  table: TableState<Row>,
  changed: Changed<Row>,
  asked: AskedTables
): number {
  const keys = runQuery(query, asked).map(([key]) => key as TableKey)
  return deleteRows(table, keys, changed)
}
