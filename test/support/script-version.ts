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
  /** By `SET parallelism`. */
  readonly isSplit: boolean
  /** Until nothing is left to read. `folder`: its local disk; null: an empty one. */
  run(topics: MemoryTopics, folder: string | null): Promise<void>
  /** As a start with `--rebuild-state` begins. */
  reset(topics: MemoryTopics): Promise<void>
}

export async function openVersion(script: string): Promise<ScriptVersion> {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const { compiled } = compileFixture(folder, true)
  const { states, backend, typescript } = compiled.pipeline
  if (typescript.includes('PipelineTopology')) {
    const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
    return {
      states,
      isSplit: true,
      run: topics => runTopologyInMemory(definition, models, topics),
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
    isSplit: false,
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
