import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Compiled } from '../../compiler/compile.ts'
import type {
  ModelRunner,
  PipelineDefinition,
  PipelineTopology
} from '../../runtime/contract/index.ts'
import { openModel } from '../../runtime/model/model-runner.ts'

export interface LoadedPipeline {
  readonly definition: PipelineDefinition
  readonly models: ReadonlyMap<string, ModelRunner>
}

export interface LoadedTopology {
  readonly definition: PipelineTopology
  readonly models: ReadonlyMap<string, ModelRunner>
}

/**
 * Imports generated TypeScript from `path`, where a person can read it afterwards. It has to be inside of the repository:
 * `#runtime` is then the runtime that the tests use too, and Node strips the types.
 */
export async function loadPipeline(compiled: Compiled, path: string): Promise<LoadedPipeline> {
  return load<PipelineDefinition>(compiled, path)
}

/** As `loadPipeline`, of a script that runs in several parts. */
export async function loadTopology(compiled: Compiled, path: string): Promise<LoadedTopology> {
  return load<PipelineTopology>(compiled, path)
}

async function load<Definition extends Pick<PipelineDefinition, 'models'>>(
  { pipeline }: Compiled,
  path: string
): Promise<{ readonly definition: Definition; readonly models: LoadedPipeline['models'] }> {
  mkdirSync(dirname(path), { recursive: true })
  // Another test run may be writing the same file: each sees a whole one.
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, pipeline.typescript)
  renameSync(draft, path)
  const module = (await import(path)) as { readonly pipeline: Definition }
  const definition = module.pipeline
  const models = new Map<string, ModelRunner>()
  for (const model of definition.models) {
    const file = pipeline.models.find(({ name }) => name === model.name)!
    models.set(model.name, await openModel(model, readFileSync(file.path)))
  }
  return { definition, models }
}

/** Loads from a file that is gone once it is loaded. */
export async function inPassingFile<T>(load: (path: string) => Promise<T>): Promise<T> {
  const path = join(import.meta.dirname, '_actual', `${randomUUID()}.ts`)
  try {
    return await load(path)
  } finally {
    rmSync(path)
  }
}

/** The form of a pipeline that shows rows on their way. */
export function lookingPipeline({ definition, models }: LoadedPipeline): LoadedPipeline {
  const { plan, sql } = definition
  return { definition: { ...definition.looking!(), plan, sql }, models }
}
