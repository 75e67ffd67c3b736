import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readStatements } from './asked-tables.ts'

// Asks a PostgreSQL server for the answers of test/fixtures/postgres/queries.sql over the tables of tables.sql beside it.
//   PGHOST=... PGUSER=... node test/support/queries/record-postgres.ts

const file = join(import.meta.dirname, '../../fixtures/postgres/queries.jsonl')
const BETWEEN = '\x1f'

function ask(query: string): string[][] {
  const script = ['BEGIN;', ...readStatements('tables.sql'), `${query};`, 'ROLLBACK;'].join('\n')
  const args = ['-qAt', '-v', 'ON_ERROR_STOP=1', '-F', BETWEEN, '-P', 'null=NULL']
  const answer = execFileSync('psql', args, { input: script, encoding: 'utf8' })
  return answer === ''
    ? []
    : answer
        .trimEnd()
        .split('\n')
        .map(line => line.split(BETWEEN))
}

const lines = readStatements('queries.sql').map(query =>
  JSON.stringify({ query, rows: ask(query) })
)
writeFileSync(file, `${lines.join('\n')}\n`)
