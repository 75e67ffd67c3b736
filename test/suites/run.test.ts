import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Compiled } from '../../compiler/compile.ts'
import { stagesOf } from '../oracle/graph.ts'
import { assertWarnings, assertWholeFixture } from '../support/check-fixture.ts'
import { assertSameTopics, isSameTopics } from '../support/compare-records.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import {
  type Fixture,
  fixtureNames,
  isUpdating,
  readFixture,
  writeOutputs
} from '../support/fixtures.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { foldChanges } from '../support/fold-changes.ts'
import { type LoadedPipeline, loadPipeline, lookingPipeline } from '../support/load-pipeline.ts'
import { topicsWith, writtenRecords } from '../support/memory-records.ts'
import { runGraphInOracle, type RunResult } from '../support/run-oracle.ts'
import { openStateFolder } from '../support/state-folder.ts'
import { type RunLimits, runPipelineInMemory, takeAllRows } from '../support/run-pipeline.ts'

// Every case of test/fixtures/run, in every way that there is to run it: all have to leave the same records.
for (const name of fixtureNames('run')) {
  const fixture = readFixture('run', name)
  const { directory, options, inputs, script } = fixture
  test(name, { skip: options.skip ?? false }, async () => {
    using folder = openScriptFolder(script, options.models, 'script.sql', options)
    const plain = compileFixture(folder, false)
    const optimized = compileFixture(folder, true, true)
    const { graph } = plain.compiled
    const inOracle = runGraphInOracle(graph, inputs, options.models, options.schemas)
    const { ordered = false, tolerance = 0, fails = null } = options
    const comparison = { ordered, tolerance }
    const fold = (topics: RunResult['topics']): RunResult['topics'] => foldChanges(topics, graph)
    // Expectations never come from generated code: it would be compared with itself.
    if (
      isUpdating() &&
      !isSameTopics(fold(inOracle.topics), fold(fixture.outputs), graph, comparison)
    ) {
      writeOutputs(fixture, fold(inOracle.topics))
    }
    const expected = isUpdating() ? readFixture('run', name).outputs : fixture.outputs

    assertWholeFixture({ ...fixture, outputs: expected }, graph)
    assertWarnings(plain.diagnostics, fixture)
    assertWarnings(optimized.diagnostics, fixture)

    const check = (result: RunResult, way: string): void => {
      assert.equal(result.failed, fails, `${way}: the code that stops it`)
      assertSameTopics(fold(result.topics), fold(expected), graph, comparison, way)
    }
    check(inOracle, 'slow twin, unoptimised')
    check(
      runGraphInOracle(optimized.compiled.graph, inputs, options.models, options.schemas),
      'slow twin, optimised'
    )

    const slow = await loadPipeline(plain.compiled, `${directory}/_actual/unoptimised.ts`)
    const fast = await loadPipeline(optimized.compiled, `${directory}/_actual/pipeline.ts`)
    for (const [way, pipeline, runs] of waysToRun(slow, fast, fixture)) {
      check(await runInMemory(pipeline, fixture, runs), way)
    }
    if (options.fails !== undefined) return
    const { tables, stages } = fast.definition
    if (tables.length + stages.length === 0) return
    const stored = await loadForDisk(fast, graph, fixture)
    for (const [way, runs] of waysOnDisk(fixture)) {
      using state = openStateFolder()
      const onDisk = runs.map(limits => ({ ...limits, disk: state.path }))
      check(await runInMemory(stored, fixture, onDisk), `state on the disk, ${way}`)
    }
  })
}

/** Of the points at which processes are killed: KILL_SEED=n tries others. */
const seeds = [0, 1].map(i => Number(process.env['KILL_SEED'] ?? 1) + i)

type Way = readonly [name: string, pipeline: LoadedPipeline, runs: readonly RunLimits[]]

/** Each a sequence of runs over the same topics: what was committed carries over. */
function waysToRun(
  slow: LoadedPipeline,
  fast: LoadedPipeline,
  { inputs, options }: Fixture
): Way[] {
  // What the records before it leave does not depend on the batch only when each is one of its own.
  if (options.fails !== undefined) {
    return [
      ['unoptimised', slow, [{ pollSize: 1 }]],
      ['optimised', fast, [{ pollSize: 1 }]],
      ['looked at', lookingPipeline(fast), [{ pollSize: 1, samples: takeAllRows() }]],
      ['started again after it stopped', fast, [{ pollSize: 1 }, { pollSize: 1 }]]
    ]
  }
  const half = [...inputs.values()].reduce((sum, records) => sum + records.length, 0) >> 1
  return [
    ['unoptimised', slow, [{}]],
    ['optimised', fast, [{}]],
    ['looked at', lookingPipeline(fast), [{ pollSize: 1, samples: takeAllRows() }]],
    ['one record per poll', fast, [{ pollSize: 1 }]],
    ['three records per poll', fast, [{ pollSize: 3 }]],
    ['stopped half-way and resumed', fast, [{ pollSize: 1, stopAfter: half }, {}]],
    ['exactly once, commits fail', fast, [{ pollSize: 3, commits: 'failing' }]],
    ...seeds.map((seed): Way => [
      `killed, seed ${seed}`,
      fast,
      [{ pollSize: 2, kills: makeRandom(seed) }]
    ])
  ]
}

/** The pipeline as it runs on the disk: only groups are kept in another way there than in memory. */
async function loadForDisk(
  fast: LoadedPipeline,
  graph: Compiled['graph'],
  { directory, script, options }: Fixture
): Promise<LoadedPipeline> {
  if (!stagesOf(graph).some(({ kind }) => kind === 'Aggregate')) return fast
  const setting = Buffer.concat([Buffer.from("SET state = 'lmdb';"), script])
  using folder = openScriptFolder(setting, options.models, 'script.sql', options)
  return loadPipeline(compileFixture(folder, true).compiled, `${directory}/_actual/on-disk.ts`)
}

/** As little as can be is in memory, so that all of it goes through the disk. */
function waysOnDisk({ inputs }: Fixture): readonly [name: string, runs: readonly RunLimits[]][] {
  const half = [...inputs.values()].reduce((sum, records) => sum + records.length, 0) >> 1
  return [
    ['one record per poll', [{ pollSize: 1 }]],
    ['stopped half-way and resumed', [{ pollSize: 3, stopAfter: half }, {}]],
    ['exactly once, commits fail', [{ pollSize: 3, commits: 'failing' }]],
    ...seeds.map((seed): [string, RunLimits[]] => [
      `killed, seed ${seed}`,
      [{ pollSize: 2, kills: makeRandom(seed) }]
    ])
  ]
}

async function runInMemory(
  pipeline: LoadedPipeline,
  { inputs, options: { schemas = {} } }: Fixture,
  runs: readonly RunLimits[]
): Promise<RunResult> {
  const topics = topicsWith(inputs)
  let failed: string | null = null
  for (const limits of runs) {
    failed = await runPipelineInMemory(pipeline, topics, { ...limits, schemas })
  }
  return { topics: writtenRecords(topics, inputs), failed }
}
