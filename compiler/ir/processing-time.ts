import type { Stage } from './stages.ts'
import type { NodeOf } from './streams.ts'

/** Whether processing time closes what a stage keeps, or the node that becomes one. Joins go by the time of events. */
export function goesByProcessingTime(stage: Stage | NodeOf<Stage['kind']>): boolean {
  if (stage.kind === 'Join') return false
  const time = stage.kind === 'Over' ? stage.over.time : stage.window
  return time?.clock === 'processing'
}
