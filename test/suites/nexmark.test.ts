import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { defaultNexmark } from '../../bench/data/nexmark/index.ts'
import type { BatchEngine } from '../support/batch/batch-engine.ts'
import { assertSameRows } from '../support/changelog/compare-rows.ts'
import { isUpdating, writeExpected } from '../support/fixtures.ts'
import { type LoadedPipeline, loadPipeline } from '../support/load-pipeline.ts'
import { topicsOver, topicsWith } from '../support/memory-records.ts'
import { compileQuery } from '../support/nexmark/compile-query.ts'
import { makeNexmarkInput } from '../support/nexmark/nexmark-input.ts'
import {
  type NexmarkQuery,
  nexmarkQueries,
  readRefusedQueries,
  REFUSED_FILE
} from '../support/nexmark/nexmark-query.ts'
import { openNexmarkTables } from '../support/nexmark/nexmark-tables.ts'
import { nexmarkTopics, queryRows } from '../support/nexmark/query-rows.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

const EVENTS = 200_000
// At 1,000 events a second they fill 20 windows of 10 seconds, on both sides of midnight, and no two have the same time.
// Out of order by up to a second: less than the watermark waits.
const config = {
  ...defaultNexmark,
  rate: 1000,
  baseTime: Date.UTC(2015, 6, 14, 23, 58, 20),
  outOfOrderGroup: 1000
}

const input = makeNexmarkInput(config, EVENTS)
const topics = nexmarkTopics(input)
const shared = topicsWith(topics)
let tables: BatchEngine
before(async () => (tables = await openNexmarkTables(input)))
after(() => tables[Symbol.dispose]())

const queries = nexmarkQueries()
const refused = readRefusedQueries()
const found: Record<string, readonly string[]> = {}

test('all of Nexmark’s queries are there', () => {
  assert.deepEqual(
    queries.map(({ name }) => name),
    Array.from({ length: 24 }, (_, i) => `q${i}`)
  )
})

for (const query of queries) {
  test(query.name, async () => {
    const { compiled, errors } = compileQuery(query)
    if (errors.length > 0) found[query.name] = errors
    if (!isUpdating()) {
      // A query that has begun to work has to leave the list: from then on it is compared.
      assert.deepEqual(errors, refused[query.name] ?? [], `what ${REFUSED_FILE} says of it`)
    }
    if (compiled === null) return
    const expected = await tables.query(query.batch)
    assert.ok(expected.length > 0, 'an answer without rows shows nothing')
    const pipeline = await loadPipeline(compiled, `${query.directory}/_actual/pipeline.ts`)
    const schema = compiled.graph.sinks[0]!.schema
    const rows = await runQuery(query, pipeline)
    assertSameRows(rows, expected, schema, query.tolerance ?? 0, query.name)
  })
}

after(() => {
  const folder = `${queries[0]!.directory}/..`
  if (isUpdating()) writeExpected(folder, REFUSED_FILE, `${JSON.stringify(found, null, 2)}\n`)
})

/** The rows that its sink's topic comes to when the pipeline is stopped half-way and resumed. */
async function runQuery(query: NexmarkQuery, pipeline: LoadedPipeline): Promise<readonly string[]> {
  const memory = topicsOver(shared)
  for (const limits of [{ stopAfter: EVENTS / 2 }, {}]) {
    assert.equal(
      await runPipelineInMemory(pipeline, memory, limits),
      null,
      'the code that stops it'
    )
  }
  return queryRows(query, memory, topics)
}
