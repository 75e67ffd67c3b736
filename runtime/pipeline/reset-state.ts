import type { Connector, PipelineDefinition } from '../contract/index.ts'
import { encodeRow } from '../state/state-codec.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { Facts } from './pipeline-facts.ts'

/** The fact that what is kept is being forgotten. */
const RESETTING = 'resetting'

/**
 * Forgets what a pipeline keeps, and how far it has read. A crash on the way leaves one without the other: so the first thing
 * that is written, and the last one that goes, is the fact that this has begun.
 */
export async function resetState(
  definition: PipelineDefinition,
  connector: Connector
): Promise<void> {
  await beginReset(definition, connector)
  for (const { name } of definition.stages) await connector.resetState(inTasks(definition, name))
  await connector.resetState(definition)
}

/** A stage as one that `SET parallelism` has split: what its tasks remember belongs to rows that are forgotten. */
function inTasks(definition: PipelineDefinition, stage: string): PipelineDefinition {
  const stages = definition.stages.filter(({ name }) => name === stage)
  return { ...definition, tables: [], stages, task: { stage, index: 0, count: 0 } }
}

/** Says that what is kept is being forgotten: from now on only another reset makes an end of it. */
export async function beginReset(
  definition: PipelineDefinition,
  connector: Connector
): Promise<void> {
  if (definition.tables.length + definition.stages.length === 0) return
  const state = await connector.openTransactions(definition)
  try {
    const fact = { table: '', key: encodeRow([RESETTING]), row: encodeRow([RESETTING, true]) }
    await state.commit([fact], [])
  } finally {
    await state.close()
  }
}

/** Throws where that has begun and not ended. */
export function refuseHalfReset(facts: Facts): void {
  if (facts.get(RESETTING) === undefined) return
  throw new EnvironmentError(
    'a start with --rebuild-state was broken off: what is kept and how far the sources were read do not belong together',
    'Start with --rebuild-state again.'
  )
}
