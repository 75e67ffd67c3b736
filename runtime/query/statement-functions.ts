import type { AskedPipeline, TableKey } from '../contract/index.ts'
import { deleteRows, insertRows, updateRows } from '../state/index.ts'
import * as functions from '../value-functions.ts'
import type { Query } from './query.ts'
import { runQuery } from './run-query.ts'

/** What the code of statements calls. */
export const statementFunctions = { ...functions, insertQuery, updateQuery, deleteQuery }

const NO_SITE = -1

/** INSERT of what a query gives: it has read all its rows before the first is there. Answers how many. */
function insertQuery(query: Query, table: string, pipeline: AskedPipeline): number {
  const rows = runQuery(query, pipeline)
  return insertRows(pipeline.table(table), rows, pipeline.changed(table), NO_SITE)
}

/** UPDATE of rows that a query finds: it gives their keys, and behind each the row as it becomes. Answers how many. */
function updateQuery(query: Query, name: string, pipeline: AskedPipeline): number {
  const table = pipeline.table(name)
  const updates = runQuery(query, pipeline).map(([key, ...after]) => {
    return { key: key as TableKey, before: table.get(key as TableKey)!, after }
  })
  return updateRows(table, updates, pipeline.changed(name), NO_SITE)
}

/** DELETE of the rows whose keys a query gives. Answers how many. */
function deleteQuery(query: Query, table: string, pipeline: AskedPipeline): number {
  const keys = runQuery(query, pipeline).map(([key]) => key as TableKey)
  return deleteRows(pipeline.table(table), keys, pipeline.changed(table))
}
