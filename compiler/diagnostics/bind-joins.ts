import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function joinNeedsTable(span: Span) {
  return {
    code: 'join-needs-table',
    severity: 'error',
    span,
    message: 'a join of two streams is not supported yet',
    hint: "Join events to a table: one that statements fill, or a source with a PRIMARY KEY and format 'upsert'."
  } satisfies Diagnostic
}

export function joinNeedsEquality(span: Span) {
  return {
    code: 'join-needs-equality',
    severity: 'error',
    span,
    message: 'the join has no equality between a column of the stream and one of the table',
    hint: 'Rows are looked up by a key: write ON stream.column = table.column, and further conditions behind AND.'
  } satisfies Diagnostic
}

export function joinKeyCanFail(span: Span) {
  return {
    code: 'join-key-can-fail',
    severity: 'error',
    span,
    message: "the table's side of a join key can fail for some of its rows",
    hint: 'Use TRY_CAST, which gives NULL where a cast fails: such a row is never found.'
  } satisfies Diagnostic
}
