import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function asOfNeedsJoin(span: Span) {
  return {
    code: 'as-of-needs-join',
    severity: 'error',
    span,
    message: 'FOR SYSTEM_TIME AS OF stands behind a table that events are joined with',
    hint: 'Write events e JOIN t FOR SYSTEM_TIME AS OF e.ts ON t.key = e.key, or LEFT JOIN.'
  } satisfies Diagnostic
}

export function versionsNeedTable(span: Span) {
  return {
    code: 'versions-need-table',
    severity: 'error',
    span,
    message:
      'FOR SYSTEM_TIME AS OF needs a table with a PRIMARY KEY, or a view of one: only those have versions',
    hint: "Declare the source with a PRIMARY KEY and format 'upsert', or join the last event before each: ASOF JOIN x ON x.key = e.key AND e.ts >= x.ts."
  } satisfies Diagnostic
}

/** `key`: the columns of the table's PRIMARY KEY. */
export function versionsNeedKey(table: string, key: readonly string[], span: Span) {
  return {
    code: 'versions-need-key',
    severity: 'error',
    span,
    message: `the join must compare the whole PRIMARY KEY of "${table}": ${key.join(', ')}`,
    hint: 'Each row has versions of its own, which its key names. Further conditions may stand behind AND.'
  } satisfies Diagnostic
}

export function asOfTimeType(type: string, span: Span) {
  return {
    code: 'as-of-time-type',
    severity: 'error',
    span,
    message: `rows are joined as of a TIMESTAMP, and this is ${type}`,
    hint: 'Declare the column as TIMESTAMP: numbers of seconds or milliseconds are read as such.'
  } satisfies Diagnostic
}

/** `found`: how many comparisons of times there are. */
export function asofNeedsComparison(found: number, span: Span) {
  return {
    code: 'asof-needs-comparison',
    severity: 'error',
    span,
    message:
      found === 0
        ? 'ASOF JOIN has no comparison that says which rows are before others'
        : `ASOF JOIN has ${found} comparisons of times where one says which rows are before others`,
    hint: 'Write ON a.key = b.key AND a.ts >= b.ts: each row of a meets the last row of b that is not after it.'
  } satisfies Diagnostic
}

export function asofConditionOfBoth(span: Span) {
  return {
    code: 'asof-condition-of-both',
    severity: 'error',
    span,
    message: 'a further condition of ASOF JOIN compares both sides',
    detail:
      'the last row that it holds for may be any of those before: none of them could ever be forgotten',
    hint: 'Ask for it in WHERE, of the one row that is found, or make it an equality.'
  } satisfies Diagnostic
}
