import type { PipelineDefinition, SinkSchema } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { openRegistry, RegistryFailure } from '../registry/index.ts'
import { type Check, failedBy, ok } from './check.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether the registries answer, and would take what sinks write. Nothing is registered. */
export async function checkRegistries(
  parts: readonly PipelineDefinition[],
  environment: Environment
): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const { name, topic, registry } of parts.flatMap(({ sources }) => sources)) {
    if (registry === undefined) continue
    const subject = `${registry.url} of source "${name}"`
    checks.push(
      await checkOne(subject, async () => {
        // Records name their schemas by numbers: that there is none under the usual name says nothing.
        await openRegistry(registry, environment).latest(`${topic}-value`).catch(unlessMissing)
        return 'it answers'
      })
    )
  }
  for (const { name, schema, keySchema } of parts.flatMap(({ sinks }) => sinks)) {
    for (const [one, what] of [
      [schema, 'sink'],
      [keySchema, 'keys of sink']
    ] as const) {
      if (one === undefined) continue
      checks.push(
        await checkOne(`${one.url} of ${what} "${name}"`, () => checkSchema(one, environment))
      )
    }
  }
  return checks
}

async function checkOne(subject: string, ask: () => Promise<string>): Promise<Check> {
  try {
    return ok('registry', subject, await ask())
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    const fix = 'See that it runs, and that the url and the login in the script are its own.'
    return failedBy(error, 'registry', subject, fix)
  }
}

async function checkSchema(sink: SinkSchema, environment: Environment): Promise<string> {
  const { subject, schema, autoRegister } = sink
  const registry = openRegistry(sink, environment)
  if (!autoRegister) {
    const id = await registry.lookup(subject, schema)
    return `subject "${subject}" has the schema, as number ${id}`
  }
  const objection = await registry.objection(subject, schema)
  if (objection === null) return `subject "${subject}" takes the schema`
  throw new EnvironmentError(
    `subject "${subject}" does not take the schema: ${objection}`,
    "Change the sink's columns, or the compatibility of the subject."
  )
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof RegistryFailure) || error.kind !== 'not-found') throw error
}
