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

export function groupingSetWithoutWindow(span: Span) {
  return {
    code: 'grouping-set-without-window',
    severity: 'warning',
    span,
    message:
      'not every grouping set has the window, so none of the groups closes: each change of a group is told',
    hint: 'Put the window in front of the sets: GROUP BY window_start, window_end, GROUPING SETS ((a), (b)). With EMIT CHANGES this warning goes.'
  } satisfies Diagnostic
}
