import type { PipelineDefinition } from '../contract/index.ts'
import { mapStack } from '../native/index.ts'

/** The stack of an error that is no record's fault, as the source maps show it: with the SQL's line where one is known. */
export function describeBug(
  error: unknown,
  { script, version }: Pick<PipelineDefinition, 'script' | 'version'>
): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${script} ${version}: ${mapStack(stack)}`
}
