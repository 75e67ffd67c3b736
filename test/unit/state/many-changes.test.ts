import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  PipelineDefinition,
  TransactionConnection,
  TableDefinition
} from '../../../runtime/contract/index.ts'
import { PipelineTables } from '../../../runtime/pipeline/pipeline-tables.ts'
import { Histogram, SECONDS } from '../../../runtime/observe/histogram.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

const table: TableDefinition = {
  name: 'kept',
  columns: [{ name: 'id', type: 'BIGINT', nullable: true }],
  key: [0],
  indexes: [],
  sources: [],
  changed: () => {},
  sql: '',
  line: 1
}
/** What the tables read of a pipeline. */
const definition: Pick<PipelineDefinition, 'tables' | 'stages' | 'states' | 'sources' | 'changes'> =
  {
    tables: [table],
    stages: [],
    states: [],
    sources: [],
    changes: []
  }
const options = {
  log: { log: () => {}, limited: () => {} },
  clock: makeVirtualClock(),
  metrics: { durations: new Histogram(SECONDS), failures: 0 }
}

test('a commit takes any number of changes, gives way meanwhile, and keeps them until it has succeeded', async () => {
  const tables = new PipelineTables(definition as PipelineDefinition, null, options, false)
  const rows = 200_000
  for (let id = 0; id < rows; id++) tables.get('kept').set(id, [id])
  let isOthersTurn = false
  setImmediate(() => void (isOthersTurn = true))
  assert.equal((await tables.changes()).length, rows)
  assert.ok(isOthersTurn)
  tables.get('kept').set(rows, [rows])
  assert.equal((await tables.changes()).length, rows + 1)
  await tables.committed(0, {} as TransactionConnection)
  assert.equal((await tables.changes()).length, 0)
})
