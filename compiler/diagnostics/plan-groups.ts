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

/** `column` is what the buckets are of. */
export function windowWithoutTime(column: string, span: Span) {
  return {
    code: 'window-without-time',
    severity: 'warning',
    span,
    message: `"${column}" has no WATERMARK, so windows never close: each change of a window is told`,
    hint: `For one final row per window add to the SCHEMA of the source: WATERMARK FOR ${column} AS ${column} - INTERVAL '5' SECOND.`
  } satisfies Diagnostic
}
