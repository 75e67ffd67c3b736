import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

/** `what`: how the join is written. */
export function asOfNeedsTime(what: string, span: Span) {
  return {
    code: 'as-of-needs-time',
    severity: 'error',
    span,
    message: `${what} needs an event time here`,
    hint: 'Name a TIMESTAMP column that its source has a WATERMARK for: rows wait until both sides are past their time.'
  } satisfies Diagnostic
}

export function asOfChangingRows(span: Span) {
  return {
    code: 'as-of-changing-rows',
    severity: 'error',
    span,
    message: 'ASOF JOIN with rows that change is not supported yet',
    detail: 'a change of a row would change what was told of all rows that come after it',
    hint: 'Of a table with a PRIMARY KEY, LEFT JOIN t FOR SYSTEM_TIME AS OF e.ts ON t.key = e.key gives the version that was valid.'
  } satisfies Diagnostic
}

/** `names`: the columns that are event times, where there are several. */
export function versionsNeedTime(table: string, names: readonly string[], span: Span) {
  return {
    code: 'versions-need-time',
    severity: 'error',
    span,
    message:
      names.length === 0
        ? `table "${table}" has no event time that says from when its rows are valid`
        : `table "${table}" has several event times: ${names.join(', ')}`,
    hint:
      names.length === 0
        ? "Give its source a WATERMARK: on a column of the row, or on changed_at TIMESTAMP METADATA FROM 'timestamp'. Without FOR SYSTEM_TIME, events meet the table as it is when they come."
        : 'Keep the one from which a row is valid.'
  } satisfies Diagnostic
}

export function versionsFromStatements(table: string, span: Span) {
  return {
    code: 'versions-from-statements',
    severity: 'error',
    span,
    message: `statements change table "${table}", and what they write has no event time`,
    hint: 'Fill the table from a source with a WATERMARK, or leave FOR SYSTEM_TIME out: then events meet the table as it is when they come.'
  } satisfies Diagnostic
}
