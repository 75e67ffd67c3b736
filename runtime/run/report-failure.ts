import { EnvironmentError } from '../observe/environment-error.ts'
import type { Logger } from '../observe/log.ts'
import { WorkerEnded } from '../workers/worker-ended.ts'
import { describeBug } from './bug-report.ts'
import type { RunDefinition } from './run-definition.ts'
import { StoppedByRecord } from '../pipeline/stopped-by-record.ts'

/** The exit code, and one line that says what happened; only a bug shows a stack. */
export function reportFailure(error: unknown, definition: RunDefinition, log: Logger): number {
  if (error instanceof EnvironmentError) {
    log.log('error', error.message, error.hint === null ? {} : { hint: error.hint })
    return 3
  }
  if (error instanceof StoppedByRecord) {
    log.log('error', `stopped by a record: ${error.message}`, {
      hint: 'Its ON ERROR says so. Nothing from its batch on is committed: change the script or skip the record, then start again.'
    })
    return 1
  }
  if (error instanceof WorkerEnded) return error.exitCode
  log.log('error', 'internal error: this is a bug in miraclec', {
    stack: describeBug(error, definition)
  })
  return 4
}
