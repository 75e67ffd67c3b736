import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function emitNeedsTime(span: Span) {
  return {
    code: 'emit-needs-time',
    severity: 'error',
    span,
    message: 'no key of the groups is bounded by event time, so none of them ever closes',
    hint: 'Group by time_bucket of a column that has a WATERMARK in its source, or write EMIT CHANGES.'
  } satisfies Diagnostic
}
