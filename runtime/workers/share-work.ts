import { severalProcesses } from '../access/denials.ts'
import { mergeSnapshots } from '../observe/merge-snapshots.ts'
import { endTogether } from '../pipeline/end-together.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'
import type { Workers } from './start-workers.ts'

/** The pipeline with its workers, as those see it who ask it from outside. */
export function shareWork(pipeline: Pipeline, workers: Workers): Pipeline {
  const { done, stop } = endTogether(pipeline, () => [workers.stop()], workers.failed)
  return {
    ...pipeline,
    snapshot: () => mergeSnapshots([pipeline.snapshot(), ...workers.snapshots()]),
    measure(seconds) {
      pipeline.measure(seconds)
      workers.measure(seconds)
    },
    ready: () => pipeline.ready() && workers.ready(),
    execute: (statement, given = null) => pipeline.execute(statement, given ?? severalProcesses),
    done,
    stop
  }
}
