import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTables, readStatements } from '../support/queries/asked-tables.ts'
import { isDecimal, showDecimal } from '../oracle/decimal.ts'

// Queries of a running pipeline over a few tables, with the answers that PostgreSQL 15 gave when they were recorded: see
// support/queries/record-postgres.ts.

interface Recorded {
  readonly query: string
  readonly rows: readonly (readonly string[])[]
}

test('queries answer as PostgreSQL 15 did', () => {
  const ask = openTables(readStatements('tables.sql'))
  const recorded = readStatements('queries.jsonl').map(line => JSON.parse(line) as Recorded)
  assert.deepEqual(
    recorded.map(({ query }) => query),
    readStatements('queries.sql'),
    'record the answers of queries.sql again'
  )
  const found = recorded.map(({ query }) => {
    const answer = ask(query)
    const rows = answer.kind === 'rows' ? answer.rows.map(row => row.map(showValue)) : answer
    return { query, rows }
  })
  assert.deepEqual(found, recorded)
})

/** As psql shows it. */
function showValue(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return isDecimal(value) ? showDecimal(value) : String(value)
}
