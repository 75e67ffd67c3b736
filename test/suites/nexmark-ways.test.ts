import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { defaultNexmark } from '../../bench/data/nexmark/index.ts'
import type { Compiled } from '../../compiler/compile.ts'
import type { MemoryTopics } from '../../runtime/connect/memory/index.ts'
import type { BatchEngine } from '../support/batch/batch-engine.ts'
import { assertSameRows } from '../support/changelog/compare-rows.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { loadPipeline, loadTopology } from '../support/load-pipeline.ts'
import { topicsOver, topicsWith } from '../support/memory-records.ts'
import { compileQuery } from '../support/nexmark/compile-query.ts'
import { makeNexmarkInput } from '../support/nexmark/nexmark-input.ts'
import { type NexmarkQuery, nexmarkQueries } from '../support/nexmark/nexmark-query.ts'
import { openNexmarkTables } from '../support/nexmark/nexmark-tables.ts'
import { nexmarkTopics, queryRows } from '../support/nexmark/query-rows.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'
import { openStateFolder } from '../support/state-folder.ts'

// Nexmark's queries with state, in tasks and on the disk, stopped and killed: each way comes to what the batch engine answers.

const EVENTS = 50_000
const HALF = EVENTS / 2
const TASKS = 3
/** Events between two points at which a process may be killed. */
const POLL = 1300
/** Of these points: KILL_SEED=n tries others. */
const seed = Number(process.env['KILL_SEED'] ?? 1)
// As in nexmark.test.ts, of fewer events: midnight is half-way.
const config = {
  ...defaultNexmark,
  rate: 1000,
  baseTime: Date.UTC(2015, 6, 15) - EVENTS / 2,
  outOfOrderGroup: 1000
}

const input = makeNexmarkInput(config, EVENTS)
const topics = nexmarkTopics(input)
const shared = topicsWith(topics)
let tables: BatchEngine
before(async () => (tables = await openNexmarkTables(input)))
after(() => tables[Symbol.dispose]())

type Run = (memory: MemoryTopics, limits: RunLimits) => Promise<unknown>

for (const query of nexmarkQueries()) {
  const states = compileQuery(query).compiled?.pipeline.states ?? []
  if (states.length === 0) continue
  test(query.name, async () => {
    const expected = await tables.query(query.batch)
    assert.ok(expected.length > 0, 'an answer without rows shows nothing')
    const schema = compile(query, '').graph.sinks[0]!.schema
    const check = async (way: string, run: Run, runs: readonly RunLimits[]): Promise<void> => {
      const memory = topicsOver(shared)
      for (const limits of runs) await run(memory, limits)
      const rows = queryRows(query, memory, topics)
      assertSameRows(rows, expected, schema, query.tolerance ?? 0, `${query.name}, ${way}`)
    }
    const inTasks = await openInTasks(query)
    await check('in tasks, stopped half-way and resumed', inTasks, [{ stopAfter: HALF }, {}])
    await check('in tasks, killed', inTasks, [{ pollSize: POLL, kills: makeRandom(seed) }])
    using stopped = openStateFolder()
    using killed = openStateFolder()
    const onDisk = await openOnDisk(query)
    await check('on the disk, stopped half-way and resumed', onDisk, [
      { pollSize: POLL, stopAfter: HALF, disk: stopped.path },
      { pollSize: POLL, disk: stopped.path }
    ])
    await check('on the disk, killed', onDisk, [
      { pollSize: POLL, disk: killed.path, kills: makeRandom(seed) }
    ])
  })
}

async function openInTasks(query: NexmarkQuery): Promise<Run> {
  const compiled = compile(query, `SET parallelism = ${TASKS};`)
  const path = `${query.directory}/_actual/parallel.ts`
  const { definition, models } = await loadTopology(compiled, path)
  return (memory, limits) => runTopologyInMemory(definition, models, memory, limits)
}

async function openOnDisk(query: NexmarkQuery): Promise<Run> {
  const compiled = compile(query, "SET state = 'lmdb';")
  const pipeline = await loadPipeline(compiled, `${query.directory}/_actual/on-disk.ts`)
  return (memory, limits) => runPipelineInMemory(pipeline, memory, limits)
}

function compile(query: NexmarkQuery, settings: string): Compiled {
  const { compiled, errors } = compileQuery(query, settings)
  assert.deepEqual(errors, [], query.name)
  return compiled!
}
