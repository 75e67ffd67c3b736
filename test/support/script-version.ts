import type { Compiled } from '../../compiler/compile.ts'
import { makeMemoryConnector, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { resetState } from '../../runtime/pipeline/reset-state.ts'
import { resetTopology } from '../../runtime/topology/reset-topology.ts'
import { compileFixture, openScriptFolder } from './compile-fixture.ts'
import { inPassingFile, loadPipeline, loadTopology } from './load-pipeline.ts'
import { type RunLimits, runPipelineInMemory } from './run-pipeline.ts'
import { runTopologyInMemory } from './run-topology.ts'
import { openStateFolder } from './state-folder.ts'
import { makeVirtualClock } from './virtual-clock.ts'

/** A script that meets the state of others, or leaves it to them. */
export interface ScriptVersion {
  readonly states: Compiled['pipeline']['states']
  /** How many parts it has, by `SET parallelism`. */
  readonly parts: number
  /** Until nothing is left to read. `folder`: its local disk; null: an empty one. */
  run(topics: MemoryTopics, folder: string | null): Promise<void>
  /** The first of its parts alone: what they send stays on its way. */
  runFirst(topics: MemoryTopics, parts: number): Promise<void>
  /** As a start with `--rebuild-state` begins. */
  reset(topics: MemoryTopics): Promise<void>
}

export async function openVersion(script: string): Promise<ScriptVersion> {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  return openCompiled(compileFixture(folder, true).compiled)
}

/** As a release of the compiler makes it that sends rows to stages in other forms. */
export async function openOtherRelease(script: string): Promise<ScriptVersion> {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const { compiled } = compileFixture(folder, true)
  const { pipeline } = compiled
  const forms = pipeline.states.flatMap(({ sent }) => sent?.split(' ') ?? [])
  const turned = (text: string): string =>
    forms.reduce((made, form) => made.replaceAll(form, [...form].toReversed().join('')), text)
  const states = pipeline.states.map(state =>
    state.sent === undefined ? state : { ...state, sent: turned(state.sent) }
  )
  const typescript = turned(pipeline.typescript)
  return openCompiled({ ...compiled, pipeline: { ...pipeline, states, typescript } })
}

async function openCompiled(compiled: Compiled): Promise<ScriptVersion> {
  const { states, backend, typescript } = compiled.pipeline
  if (typescript.includes('PipelineTopology')) {
    const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
    return {
      states,
      parts: definition.fragments.length,
      run: topics => runTopologyInMemory(definition, models, topics),
      runFirst: (topics, parts) => runTopologyInMemory(definition, models, topics, { parts }),
      reset: topics =>
        resetTopology(
          definition,
          () => makeMemoryConnector(topics, makeVirtualClock()),
          part => part
        )
    }
  }
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  return {
    states,
    parts: 1,
    runFirst: () => Promise.reject(new Error('it has one part')),
    async run(topics, known) {
      using empty = openStateFolder()
      const disk = known ?? empty.path
      const limits: RunLimits = backend === 'lmdb' ? { disk } : { checkpoints: disk }
      await runPipelineInMemory(pipeline, topics, limits)
    },
    reset: topics =>
      resetState(pipeline.definition, makeMemoryConnector(topics, makeVirtualClock()))
  }
}
