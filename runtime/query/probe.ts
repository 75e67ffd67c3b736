import type { AskedTables, TableKey, TableRow } from '../contract/index.ts'
import { failure } from '../sql/failure.ts'
import { KeySet } from '../state/key-set.ts'
import { tableKey } from '../state/table-key.ts'
import type { QueryKeys, QueryProbe } from './query.ts'
import { openQuery } from './run-query.ts'

/** What a query inside of an expression answers for a row. One that does not depend on the row is asked once. */
export function openProbe(probe: QueryProbe, asked: AskedTables): (row: TableRow) => unknown {
  const open = openQuery(probe.query, asked)
  if (probe.correlated) {
    return row => makeAnswer(probe, open(row), null)(row)
  }
  let answer: ((row: TableRow) => unknown) | null = null
  return row => {
    answer ??= makeAnswer(probe, open(row), probe.keys)
    return answer(row)
  }
}

function makeAnswer(
  { kind, test }: QueryProbe,
  rows: readonly TableRow[],
  keys: QueryKeys | null
): (row: TableRow) => unknown {
  if (kind === 'Exists') return () => rows.length > 0
  if (kind === 'Scalar') return () => onlyValue(rows)
  const search = (row: TableRow, among: readonly TableRow[]): boolean | null =>
    isAmong(row, among, test!)
  return keys === null ? row => search(row, rows) : searchByKey(rows, keys, search)
}

function onlyValue(rows: readonly TableRow[]): unknown {
  if (rows.length < 2) return rows[0]?.[0] ?? null
  throw failure(-1, 'several-rows', 'a query as a value finds several rows')
}

/** NULL where no row is the one, and for some it is not known. */
function isAmong(
  row: TableRow,
  rows: readonly TableRow[],
  test: NonNullable<QueryProbe['test']>
): boolean | null {
  let result: boolean | null = false
  for (const other of rows) {
    const same = test([...row, ...other])
    if (same === true) return true
    if (same === null) result = null
  }
  return result
}

/** Rows without a NULL are found by their key; only those with one have to be compared. */
function searchByKey(
  rows: readonly TableRow[],
  keys: QueryKeys,
  search: (row: TableRow, among: readonly TableRow[]) => boolean | null
): (row: TableRow) => boolean | null {
  const known = new KeySet<TableKey>()
  const open: TableRow[] = []
  for (const row of rows) {
    const key = tableKey(...keys.right(row))
    if (key === null) open.push(row)
    else known.add(key)
  }
  return row => {
    const key = tableKey(...keys.left(row))
    if (key === null) return search(row, rows)
    return known.has(key) || search(row, open)
  }
}
