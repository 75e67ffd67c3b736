import { readFileSync } from 'node:fs'
import type { ModelRunner } from '../contract/index.ts'
import { readModel } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { RunOptions } from '../pipeline/command-line.ts'
import type { RunDefinition } from './run-definition.ts'

/** Those of the script, and those that somebody only thinks are. */
export function modelNames({ models }: RunDefinition, options: RunOptions): readonly string[] {
  return [...new Set([...models.map(({ name }) => name), ...options.models.keys()])]
}

export function onlyModel({ models }: RunDefinition, name: string): Pick<RunDefinition, 'models'> {
  const known = models.filter(model => model.name === name)
  return { models: known.length > 0 ? known : models }
}

export function onlyOf(
  paths: ReadonlyMap<string, string>,
  name: string
): ReadonlyMap<string, string> {
  return new Map([...paths].filter(([given]) => given === name))
}

export async function openModels(
  { models }: Pick<RunDefinition, 'models'>,
  overrides: ReadonlyMap<string, string>
): Promise<ReadonlyMap<string, ModelRunner>> {
  for (const name of overrides.keys()) {
    if (models.some(model => model.name === name)) continue
    const known = models.map(model => model.name).join(', ')
    throw new EnvironmentError(
      `--model: the pipeline has no model "${name}"`,
      `It has: ${known || 'none'}.`
    )
  }
  const opened = new Map<string, ModelRunner>()
  for (const model of models) {
    const { openModel } = await import('../model/model-runner.ts')
    const path = overrides.get(model.name)
    try {
      opened.set(
        model.name,
        await openModel(model, path === undefined ? readModel(model.sha256) : readFileSync(path))
      )
    } catch (error) {
      throw new EnvironmentError(`model "${model.name}": ${(error as Error).message}`)
    }
  }
  return opened
}
