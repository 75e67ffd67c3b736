import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { compileScript } from '../../../compiler/compile.ts'
import type { RowType } from '../../../compiler/types/index.ts'
import { makeMemoryTopics, type MemoryTopics } from '../../../runtime/connect/memory/index.ts'
import type { BatchEngine } from '../batch/batch-engine.ts'
import { compareRows, showDifference } from '../changelog/compare-rows.ts'
import { makeFold } from '../changelog/fold-changelog.ts'
import { openScriptFolder } from '../compile-fixture.ts'
import { type LoadedPipeline, loadPipeline } from '../load-pipeline.ts'
import { writtenRecords } from '../memory-records.ts'
import { type RunLimits, runPipelineInMemory } from '../run-pipeline.ts'
import { caseScript, type RandomCase, SINK_TOPIC } from './random-case.ts'
import { showQuery } from './show-query.ts'
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
const GENERATED = join(import.meta.dirname, '_actual')

export type Outcome =
  | { readonly kind: 'same' }
  /** The compiler says that it cannot, with these codes. */
  | { readonly kind: 'refused'; readonly codes: readonly string[] }
  | { readonly kind: 'wrong'; readonly what: string }

/** Compares the folded result with the batch engine's answer, after each step and after all steps in one run. */
export async function runCase(
  randomCase: RandomCase,
  engine: BatchEngine,
  optimize: boolean
): Promise<Outcome> {
  using folder = openScriptFolder(new TextEncoder().encode(caseScript(randomCase)))
  const session = folder.session(optimize)
  const compiled = compileScript(session)
  if (compiled === null) {
    const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
    return { kind: 'refused', codes: [...new Set(errors.map(({ code }) => code))] }
  }
  const path = join(GENERATED, `${randomUUID()}.ts`)
  try {
    const pipeline = await loadPipeline(compiled, path)
    const schema = compiled.graph.sinks[0]!.schema
    const { query, steps } = randomCase
    const check = { pipeline, schema, engine, query: showQuery(query, 'batch') }
    const stepwise = await runSteps(check, steps, { pollSize: 1 })
    const what = stepwise ?? (await runSteps(check, [steps.flat()], {}))
    return what === null ? { kind: 'same' } : { kind: 'wrong', what }
  } finally {
    rmSync(path)
  }
}

interface Check {
  readonly pipeline: LoadedPipeline
  readonly schema: RowType
  readonly engine: BatchEngine
  /** As the batch engine takes it. */
  readonly query: string
}

/** What is wrong; null: nothing. The pipeline stops after each step and goes on with the next. */
async function runSteps(
  { engine, pipeline, query, schema }: Check,
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
    const code = await runPipelineInMemory(pipeline, topics, limits)
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
