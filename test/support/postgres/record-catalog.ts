import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readStatements } from '../queries/asked-tables.ts'
import { askCatalog } from './ask-catalog.ts'

// Asks PostgreSQL 15 for the columns of its catalogue, and for the answers of test/fixtures/postgres/catalog-queries.sql. The database
// has to be new, and called `catalog`; its owner, who asks, `admin`.
//   PGHOST=... PGUSER=admin PGDATABASE=catalog node test/support/postgres/record-catalog.ts

const ROOT = join(import.meta.dirname, '../../..')

const columns = `
WITH r AS (
  SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v'))
SELECT r.nspname || '.' || r.relname AS name, r.oid, (
  SELECT string_agg(a.attname || ':' || coalesce(b.typname, t.typname), ' ' ORDER BY attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
  WHERE a.attrelid = r.oid AND attnum > 0) AS columns
FROM r ORDER BY r.nspname DESC, r.relname`

interface RecordedTable {
  readonly name: string
  readonly oid: number
  readonly columns: string
}

const client = new pg.Client()
await client.connect()
const { rows } = await client.query<RecordedTable>(columns)
await client.end()
const lines = rows.map(({ name, oid, columns: all }) => `${name} ${oid} ${all}`)
writeFileSync(
  join(ROOT, 'runtime/postgres/catalog/catalog-columns.ts'),
  `/**
 * The tables and views of PostgreSQL 15's catalogue: name, number, and columns with their types, domains as what they
 * are over. Recorded from PostgreSQL by test/support/postgres/record-catalog.ts. Do not edit.
 */
export const CATALOG_COLUMNS = \`
${lines.join('\n')}\`
`
)

const answers = await askCatalog({}, readStatements('catalog-tables.sql'))
writeFileSync(
  join(ROOT, 'test/fixtures/postgres/catalog-answers.jsonl'),
  answers.map(answer => `${JSON.stringify(answer)}\n`).join('')
)
