import type { Registry, SinkSchema } from '../contract/index.ts'
import { RegistryFailure } from './registry-failure.ts'

/** The id of the schema that a sink writes with: registered, or looked up where others register schemas. */
export async function schemaId(
  { subject, autoRegister, schema }: SinkSchema,
  registry: Registry
): Promise<number> {
  try {
    return autoRegister
      ? await registry.register(subject, schema)
      : await registry.lookup(subject, schema)
  } catch (error) {
    throw error instanceof RegistryFailure ? explain(error, subject, autoRegister) : error
  }
}

function explain(failure: RegistryFailure, subject: string, autoRegister: boolean): Error {
  const { kind, message } = failure
  if (kind === 'not-found' && !autoRegister) {
    const hint =
      "Register the schema that `explain` shows, or leave 'auto.register.schemas' = 'false' out of CONFIG."
    return new RegistryFailure(
      kind,
      `subject "${subject}" has not the schema of the sink`,
      message,
      hint
    )
  }
  if (kind !== 'refused') return failure
  const hint = `What the sink writes is not compatible with what subject "${subject}" has. Change the columns, write to another topic, or change the subject's compatibility.`
  return new RegistryFailure(kind, 'the schema of the sink was refused', message, hint)
}
