import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryConnector, makeMemoryTopics } from '../../../runtime/connect/memory/index.ts'
import { openLmdb } from '../../../runtime/lmdb/index.ts'
import { startPipeline } from '../../../runtime/pipeline/start-pipeline.ts'
import { compileFixture, openScriptFolder } from '../../support/compile-fixture.ts'
import { loadPipeline } from '../../support/load-pipeline.ts'
import { toBytes } from '../../support/records.ts'
import { openStateFolder } from '../../support/state-folder.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)

for (const backend of ['memory', 'lmdb'] as const) {
  test(`${backend}: what was deleted a day ago does not come back from a local copy`, async () => {
    const script = `SET state = '${backend}';
CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (k TEXT);
CREATE SINK o TO KAFKA (topic = 'o', format = 'upsert') AS SELECT k, COUNT(*) AS n FROM s GROUP BY k;`
    using folder = openScriptFolder(toBytes(script)!)
    using state = openStateFolder()
    const path = join(import.meta.dirname, '_actual', `${randomUUID()}.ts`)
    const { definition, models } = await loadPipeline(compileFixture(folder, true).compiled, path)
    rmSync(path)
    const topics = makeMemoryTopics()
    const warnings: string[] = []
    const note = (level: string, message: string) =>
      void (level === 'warn' && warnings.push(message))
    const run = async (hours: number): Promise<number> => {
      topics.append('s', {
        ...{ key: null, value: toBytes('{"k":"a"}'), timestamp: 0, partition: 0, headers: [] }
      })
      const clock = makeVirtualClock(START + hours * HOUR)
      const pipeline = await startPipeline(definition, {
        ...{ connector: makeMemoryConnector(topics, clock), clock, models, untilIdle: true },
        ...{ log: { log: note, limited: note }, stateFolder: state.path, openBackend: openLmdb }
      })
      await pipeline.done
      const told = topics.read('o').at(-1)!.value!
      return (JSON.parse(Buffer.from(told).toString()) as { readonly n: number }).n
    }
    assert.equal(await run(0), 1)
    assert.equal(await run(20), 2)
    assert.deepEqual(warnings, [])
    // The changelog has it all.
    assert.equal(await run(45), 3)
    assert.deepEqual(warnings, [
      `${backend === 'memory' ? 'checkpoint' : 'local state'} is too old`
    ])
  })
}
