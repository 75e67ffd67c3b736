import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function joinNeedsEquality(span: Span) {
  return {
    code: 'join-needs-equality',
    severity: 'error',
    span,
    message: 'the join of a stream has no equality between columns of both sides',
    detail:
      'each row would be compared with every row that ever came, and all of them would be kept',
    hint: "Write ON a.column = b.column, and further conditions behind AND. Without an equality, join tables, or rows that time keeps together: b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR."
  } satisfies Diagnostic
}

export function joinNeedsCondition(span: Span) {
  return {
    code: 'join-needs-condition',
    severity: 'error',
    span,
    message: 'the join has no ON and no USING',
    hint: 'Say which rows belong together, or write CROSS JOIN.'
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

export function subqueryNeedsTable(span: Span) {
  return {
    code: 'subquery-needs-table',
    severity: 'error',
    span,
    message: 'the query inside of the expression does not read a table',
    hint: "Rows are looked up in a table by its name: one that statements fill, or a source with a PRIMARY KEY and format 'upsert'."
  } satisfies Diagnostic
}

export function subqueryNeedsEquality(span: Span) {
  return {
    code: 'subquery-needs-equality',
    severity: 'error',
    span,
    message:
      'the query inside of the expression has no equality between a column of its table and one of the stream',
    hint: 'Rows are looked up by a key: write WHERE table.column = stream.column, and further conditions behind AND.'
  } satisfies Diagnostic
}

export function subqueryUnderCondition(span: Span) {
  return {
    code: 'subquery-under-condition',
    severity: 'error',
    span,
    message: 'a query that may fail stands where a condition decides whether it is asked',
    detail: 'it is asked for every row: it fails where it finds several rows, or where a key fails',
    hint: "Compare the table's whole PRIMARY KEY with columns, or move the query out of the CASE, AND, OR or COALESCE."
  } satisfies Diagnostic
}

export function inMayBeNull(span: Span) {
  return {
    code: 'in-may-be-null',
    severity: 'error',
    span,
    message:
      'IN with a query as a part of an expression needs values that are never NULL, on both sides',
    detail: 'beside a NULL it is neither true nor false, unless the query gives no row at all',
    hint: 'Write EXISTS (SELECT 1 FROM table WHERE table.column = stream.column), or declare both columns NOT NULL.'
  } satisfies Diagnostic
}

export function notInMayBeNull(span: Span) {
  return {
    code: 'not-in-may-be-null',
    severity: 'error',
    span,
    message: 'NOT IN with a query needs values that are never NULL, on both sides',
    detail:
      'beside a NULL it is neither true nor false, so one NULL in the table would drop every row',
    hint: 'Write NOT EXISTS (SELECT 1 FROM table WHERE table.column = stream.column), or declare both columns NOT NULL.'
  } satisfies Diagnostic
}
