import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { BatchBuffer } from '../../runtime/connect/batch-buffer.ts'
import type { PipelineContext, PipelineDefinition } from '../../runtime/contract/index.ts'
import { RecordWriter, TableState } from '../../runtime/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'

const SCRIPT = `
CREATE SOURCE e FROM KAFKA (topic = 'events') SCHEMA (id INT, who INT);
CREATE TABLE users (id INT PRIMARY KEY, name TEXT);
CREATE SINK out TO KAFKA (topic = 'out') AS SELECT e.id, u.name FROM e LEFT JOIN users u ON u.id = e.who;
`

class BrokenTable extends TableState {
  override get(): never {
    throw new Error('the disk is gone')
  }
}

test('rows that waited for a table when a batch failed are not looked up after the pipeline has gone back', async () => {
  using folder = openScriptFolder(Buffer.from(SCRIPT), {}, 'lookup-after-failure.sql')
  const { compiled } = compileFixture(folder, true)
  const path = join(import.meta.dirname, '_actual/lookup-after-failure.ts')
  const { definition } = await loadPipeline(compiled, path)
  const broken = open(definition, new BrokenTable(definition.tables[0]!))
  assert.throws(() => broken.run(['{"id":1,"who":1}', '{"id":2,"who":1}']), /the disk is gone/)
  const whole = open(definition, new TableState(definition.tables[0]!))
  assert.deepEqual(whole.run(['{"id":3,"who":1}']), ['{"id":3,"name":null}'])
})

function open(definition: PipelineDefinition, table: TableState) {
  const writer = new RecordWriter()
  const unused: unknown = undefined
  const { tasks } = definition.open({
    writer: () => writer,
    table: () => table,
    rows: () => unused
  } as unknown as PipelineContext)
  const batch = new BatchBuffer((_, record) => assert.fail(`record ${record} is refused`))
  return {
    run(values: readonly string[]): string[] {
      const records = values.map((value, offset) => ({
        ...{ key: null, value: Buffer.from(value), partition: 0, offset, timestamp: 0 }
      }))
      batch.fill(records, () => [])
      void tasks[0]!.run(batch)
      const { bytes, count, valueStart, valueEnd } = writer.take()
      return Array.from({ length: count }, (_, i) =>
        Buffer.from(bytes.subarray(valueStart[i]!, valueEnd[i]!)).toString()
      )
    }
  }
}
