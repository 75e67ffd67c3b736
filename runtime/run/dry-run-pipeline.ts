import { definePart, topicsBetween } from '../topology/index.ts'
import type { RunOptions } from '../pipeline/command-line.ts'
import { modelNames, onlyModel, onlyOf, openModels } from './open-models.ts'
import { countEnds, type RunDefinition, withOptions } from './run-definition.ts'
import { usualStateFolder } from './state-folder.ts'

/** Says whether a start would find what it needs. */
export async function dryRun(
  definition: RunDefinition,
  options: RunOptions,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  const { renderChecks, runChecks } = await import('../dry-run/index.ts')
  const defined =
    'fragments' in definition
      ? definition.fragments.map(fragment => definePart(definition, fragment, 0))
      : [definition]
  const ends = countEnds(definition)
  const parts = defined.map(part => withOptions(part, options, ends))
  const checks = await runChecks({
    ...{ parts, options, environment },
    topics: 'fragments' in definition ? topicsBetween(definition, parts) : [],
    stateFolder: options.stateFolder ?? usualStateFolder(definition.name, environment),
    models: modelNames(definition, options).map(name => ({
      name,
      open: () => openModels(onlyModel(definition, name), onlyOf(options.models, name))
    }))
  })
  process.stdout.write(renderChecks(checks))
  return checks.some(({ verdict }) => verdict === 'failed') ? 3 : 0
}
