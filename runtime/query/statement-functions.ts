import type { AskedPipeline } from '../contract/index.ts'
import { insertRows } from '../state/index.ts'
import * as functions from '../value-functions.ts'
import type { Query } from './query.ts'
import { runQuery } from './run-query.ts'

/** What the code of statements calls. */
export const statementFunctions = { ...functions, insertQuery }

const NO_SITE = -1

/** INSERT of what a query gives: it has read all its rows before the first is there. Answers how many. */
function insertQuery(query: Query, table: string, pipeline: AskedPipeline): number {
  const rows = runQuery(query, pipeline)
  return insertRows(pipeline.table(table), rows, pipeline.changed(table), NO_SITE)
}
