import { compileScript } from '../../../compiler/compile.ts'
import type { RowType } from '../../../compiler/types/index.ts'
import { makeMemoryTopics, type MemoryTopics } from '../../../runtime/connect/memory/index.ts'
import type { BatchEngine } from '../batch/batch-engine.ts'
import { compareRows, showDifference } from '../changelog/compare-rows.ts'
import { makeFold } from '../changelog/fold-changelog.ts'
import { openScriptFolder } from '../compile-fixture.ts'
import { makeRandom } from '../functions/random-value.ts'
import { inPassingFile, loadPipeline, loadTopology } from '../load-pipeline.ts'
import { writtenRecords } from '../memory-records.ts'
import { type RunLimits, runPipelineInMemory } from '../run-pipeline.ts'
import { runTopologyInMemory } from '../run-topology.ts'
import { openStateFolder } from '../state-folder.ts'
import { caseScript, type RandomCase, SINK_TOPIC } from './random-case.ts'
import { showForBatch } from './show-query.ts'
import {
  applyStep,
  changeRecord,
  type Contents,
  emptyTables,
  showWith,
  type Step
} from './tables.ts'

/** Sums of averages may be rounded otherwise; sums of columns are exact. */
const TOLERANCE = 1e-12

export type Outcome =
  | { readonly kind: 'same' }
  /** The compiler says that it cannot, with these codes. */
  | { readonly kind: 'refused'; readonly codes: readonly string[] }
  | { readonly kind: 'wrong'; readonly what: string }

/** How each third case is run besides step by step and at once. */
const ways = ['on the disk', 'killed', 'in tasks', 'on the disk', 'killed', 'commits fail'] as const
type Way = (typeof ways)[number]

/**
 * Compares the folded result with the batch engine's answer: after each step, after all steps in one run, and of each third seed in one of
 * the `ways`. Of an odd seed the plan is run as it is before anything is optimised. */
export async function runCase(
  randomCase: RandomCase,
  engine: BatchEngine,
  seed: number
): Promise<Outcome> {
  const script = caseScript(randomCase)
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const session = folder.session(seed % 2 === 0)
  const compiled = compileScript(session)
  if (compiled === null) {
    const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
    return { kind: 'refused', codes: [...new Set(errors.map(({ code }) => code))] }
  }
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  const { query, steps } = randomCase
  const run: Run = (topics, limits) => runPipelineInMemory(pipeline, topics, limits)
  const { schema } = compiled.graph.sinks[0]!
  const check = { run, schema, engine, query: showForBatch(query) }
  const way = seed % 3 === 0 ? ways[Math.trunc(seed / 6) % ways.length]! : null
  const what =
    (await runSteps(check, steps, { pollSize: 1 })) ??
    (await runSteps(check, [steps.flat()], {})) ??
    (way && (await runInWay(check, randomCase, way, seed)))
  return what === null ? { kind: 'same' } : { kind: 'wrong', what }
}

async function runInWay(
  check: Check,
  randomCase: RandomCase,
  way: Way,
  seed: number
): Promise<string | null> {
  const { steps } = randomCase
  const inWay = async (
    limits: RunLimits,
    run = check.run,
    all: readonly Step[] = steps
  ): Promise<string | null> => {
    const what = await runSteps({ ...check, run }, all, { pollSize: 2, ...limits })
    return what === null ? null : `${way}, ${what}`
  }
  switch (way) {
    case 'commits fail':
      return inWay({ commits: 'failing' })
    case 'killed':
      return inWay({ kills: makeRandom(seed) })
    case 'on the disk': {
      using state = openStateFolder()
      return await inWay({ disk: state.path }, await runOnDisk(caseScript(randomCase)))
    }
    case 'in tasks': {
      const run = await runInTasks(caseScript(randomCase))
      // Each task that starts takes of the arena of this process, which has no more than 128 MB.
      return run === null ? null : inWay({}, run, [steps.flat()])
    }
  }
}

/** Groups are kept in another way there than in memory. */
async function runOnDisk(script: string): Promise<Run> {
  using folder = openScriptFolder(new TextEncoder().encode(`SET state = 'lmdb';\n${script}`))
  const compiled = compileScript(folder.session(true))!
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  return (topics, limits) => runPipelineInMemory(pipeline, topics, limits)
}

/** Null: it can't be split, or has nothing to split. */
async function runInTasks(script: string): Promise<Run | null> {
  using folder = openScriptFolder(new TextEncoder().encode(`SET parallelism = 3;\n${script}`))
  const compiled = compileScript(folder.session(true))
  if (!compiled?.pipeline.typescript.includes('PipelineTopology')) return null
  const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
  return async (topics, limits) => {
    await runTopologyInMemory(definition, models, topics, limits)
    return null
  }
}

/** Runs over topics until nothing is left to read; answers the code of what stopped it. */
type Run = (topics: MemoryTopics, limits: RunLimits) => Promise<string | null>

interface Check {
  readonly run: Run
  readonly schema: RowType
  readonly engine: BatchEngine
  /** As the batch engine takes it. */
  readonly query: string
}

/** What is wrong; null: nothing. The pipeline stops after each step and goes on with the next. */
async function runSteps(
  { engine, query, run, schema }: Check,
  steps: readonly Step[],
  limits: RunLimits
): Promise<string | null> {
  const topics = makeMemoryTopics()
  const fold = makeFold('debezium')
  let contents: Contents = emptyTables
  let read = 0
  for (const [i, step] of steps.entries()) {
    const say = (what: string): string => `step ${i} of ${steps.length}: ${what}`
    contents = applyStep(contents, step)
    for (const change of step) topics.append(change.table, changeRecord(change))
    const code = await run(topics, limits)
    if (code !== null) return say(`it stopped with ${code}`)
    const unexpected = topics.names().filter(name => name.endsWith('-dlq'))
    if (unexpected.length > 0) return say(`dead letters in ${unexpected.join(', ')}`)
    const written = readSink(topics)
    for (const record of written.slice(read)) fold.add(record)
    read = written.length
    if (fold.problems.length > 0) return say(fold.problems.join('\n'))
    const expected = await engine.query(showWith(contents) + query)
    const difference = compareRows(fold.rows(), expected, schema, TOLERANCE)
    if (difference.missing.length > 0 || difference.extra.length > 0) {
      return say(`\n${showDifference(difference)}`)
    }
  }
  return null
}

function readSink(topics: MemoryTopics) {
  return writtenRecords(topics, new Map()).get(SINK_TOPIC) ?? []
}
