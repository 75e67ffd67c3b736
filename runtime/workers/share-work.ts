import { severalProcesses } from '../access/denials.ts'
import { mergeSnapshots } from '../observe/merge-snapshots.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'
import type { Workers } from './start-workers.ts'

/** The pipeline with its workers, as those see it who ask it from outside. */
export function shareWork(pipeline: Pipeline, workers: Workers): Pipeline {
  let stopping: Promise<unknown> | null = null
  const stop = async (): Promise<void> => {
    stopping ??= Promise.all([pipeline.stop(), workers.stop()])
    await stopping
  }
  const done = Promise.race([pipeline.done.then(stop), workers.failed]).catch(
    async (error: unknown) => {
      await stop().catch(() => {})
      throw error
    }
  )
  done.catch(() => {})
  return {
    ...pipeline,
    snapshot: () => mergeSnapshots([pipeline.snapshot(), ...workers.snapshots()]),
    ready: () => pipeline.ready() && workers.ready(),
    execute: (statement, given = null) => pipeline.execute(statement, given ?? severalProcesses),
    done,
    stop
  }
}
