import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMemoryConnector, makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import type { PipelineTopology } from '../../runtime/contract/index.ts'
import { EnvironmentError } from '../../runtime/observe/environment-error.ts'
import { systemClock } from '../../runtime/time/clock.ts'
import { startTopology } from '../../runtime/topology/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { inPassingFile, loadTopology } from '../support/load-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'

const script = (least: number): string => `SET parallelism = 2;
CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (k TEXT);
CREATE SINK out TO KAFKA (topic = 'out') AS
SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM e GROUP BY k) WHERE n > ${least} GROUP BY n;`

async function load(least: number): Promise<PipelineTopology> {
  using folder = openScriptFolder(Buffer.from(script(least)), {}, 'pipeline.sql')
  const { compiled } = compileFixture(folder, true)
  return (await inPassingFile(path => loadTopology(compiled, path))).definition
}

const text = new TextEncoder()

test('where a stage may not go on with its state, none before it sends on what was left for it', async () => {
  const [old, now] = [await load(0), await load(1)]
  const [, inner, outer] = old.fragments.map(({ stage }) => stage)
  const topics = makeMemoryTopics()
  const append = (k: string): void =>
    topics.append('e', { key: null, value: text.encode(JSON.stringify({ k })), timestamp: 0 })
  append('a')
  await runTopologyInMemory(old, new Map(), topics)
  append('b')
  await runTopologyInMemory(old, new Map(), topics, { parts: 1 })
  // What hands tasks out has as many partitions as there are.
  for (const stage of [inner, outer])
    for (const partition of [0, 1])
      topics.append(`${old.name}-${stage}-tasks`, {
        key: null,
        value: null,
        partition,
        timestamp: 0
      })
  const sent = (): number => topics.read(`${old.name}-${outer}-exchange`).length
  const before = sent()

  const starting = startTopology(now, {
    openConnector() {
      const connector = makeMemoryConnector(topics, systemClock)
      return {
        ...connector,
        async openTransactions(part) {
          // The other stage has all the time that it could want.
          if (part.task?.stage === outer) await new Promise(resolve => setTimeout(resolve, 300))
          return connector.openTransactions(part)
        }
      }
    },
    adapt: part => part,
    clock: systemClock,
    log: { log: () => {}, limited: () => {} },
    models: new Map()
  })
  await assert.rejects(starting, (error: Error) => {
    assert.ok(error instanceof EnvironmentError, error.stack)
    assert.match(error.message, new RegExp(`"${outer}" was kept by another script`))
    return true
  })
  assert.equal(sent(), before)

  const written = topics.read('out').length
  await runTopologyInMemory(old, new Map(), topics)
  const told = topics.read('out').slice(written)
  assert.deepEqual(
    told.map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as unknown),
    [{ n: 1, keys: 2 }],
    'the script before goes on with it'
  )
})
