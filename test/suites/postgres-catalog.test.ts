import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import { askCatalog, type CatalogAnswer } from '../support/postgres/ask-catalog.ts'
import { readStatements } from '../support/queries/asked-tables.ts'

// What tools ask of PostgreSQL's catalogue (pgJDBC's DatabaseMetaData, SQLAlchemy's reflection, asyncpg, Grafana, Metabase, DBeaver) and
// what an evaluator of it has to do right, with the answers that PostgreSQL 15 gave when they were recorded: see
// support/postgres/record-catalog.ts.

let asked: AskedPipeline

before(async () => {
  const tables = readStatements('catalog-tables.sql')
  asked = await startAskedPipeline('catalog', tables.join('\n'), makeMemoryTopics())
})
after(() => asked.stop())

test('the catalogue answers as PostgreSQL 15 did', async () => {
  const recorded = readStatements('catalog-answers.jsonl').map(
    line => JSON.parse(line) as CatalogAnswer
  )
  assert.deepEqual(
    recorded.map(({ query }) => query),
    readStatements('catalog-queries.sql'),
    'record the answers of catalog-queries.sql again'
  )
  const config = { port: asked.pgPort, host: '127.0.0.1', user: 'admin', password: 'secret' }
  const found = await askCatalog({ ...config, database: 'catalog' })
  for (const [i, answer] of found.entries()) assert.deepEqual(answer, recorded[i], answer.query)
})
