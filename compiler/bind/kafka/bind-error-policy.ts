import type { ClauseProperties } from '../../ast/index.ts'
import type { BoundErrorPolicy, BoundLatePolicy } from '../../ir/index.ts'
import {
  errorActions,
  errorParameters,
  lateActions,
  lateParameters,
  parameterNames
} from '../../kafka/index.ts'
import type { BindContext } from '../context.ts'
import { readParameters } from './parameters.ts'

const known = parameterNames(errorParameters)

/** ON ERROR; without it, bad records go to `<topic>-dlq`. */
export function bindErrorPolicy(
  clause: ClauseProperties | null,
  topic: string,
  cx: BindContext
): BoundErrorPolicy {
  const usual = `${topic}-dlq`
  if (clause === null) {
    return { action: 'dead_letter', maxRetries: 3, retryBackoff: 1000, deadLetterTopic: usual }
  }
  const parameters = readParameters('ON ERROR', clause.properties, known, clause.span, cx)
  const action = parameters.choice('action', errorActions, 'dead_letter')
  const named = parameters.has('dead_letter_topic')
  return {
    action,
    maxRetries: parameters.integer('max_retries', 0, 1_000_000, 3),
    retryBackoff: parameters.integer('retry_backoff_ms', 0, 3_600_000, 1000),
    deadLetterTopic: named
      ? parameters.text('dead_letter_topic', usual)
      : action === 'dead_letter'
        ? usual
        : null
  }
}

const knownLate = parameterNames(lateParameters)

/** ON LATE; without it, late rows go where bad records go by default: to `<topic>-dlq`. */
export function bindLatePolicy(
  clause: ClauseProperties | null,
  topic: string,
  cx: BindContext
): BoundLatePolicy {
  const usual = `${topic}-dlq`
  if (clause === null) return { action: 'dead_letter', deadLetterTopic: usual }
  const parameters = readParameters('ON LATE', clause.properties, knownLate, clause.span, cx)
  const action = parameters.choice('action', lateActions, 'dead_letter')
  const target = parameters.text('dead_letter_topic', usual)
  return { action, deadLetterTopic: action === 'dead_letter' ? target : null }
}
