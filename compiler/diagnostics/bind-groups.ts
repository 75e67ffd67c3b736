import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'
import { notSupportedYet } from './bind.ts'

export function emitNeedsGroups(span: Span) {
  return {
    code: 'emit-needs-groups',
    severity: 'error',
    span,
    message: 'EMIT ON WINDOW CLOSE is about groups, and this query has none',
    hint: 'Without GROUP BY each row goes out at once: leave EMIT out.'
  } satisfies Diagnostic
}

export function watermarkColumn(column: string, type: string, span: Span) {
  return {
    code: 'watermark-column',
    severity: 'error',
    span,
    message: `WATERMARK FOR "${column}" needs a time, and the column is ${type}`,
    hint: 'Declare the column as TIMESTAMP or TIMESTAMPTZ, or as BIGINT for an epoch number.'
  } satisfies Diagnostic
}

export function watermarkForm(column: string, span: Span) {
  return {
    code: 'watermark-form',
    severity: 'error',
    span,
    message: 'a watermark is the column itself, or the column minus a constant interval',
    hint: `Write: WATERMARK FOR ${column} AS ${column} - INTERVAL '5' SECOND.`
  } satisfies Diagnostic
}

export function durationNeeded(what: string, span: Span) {
  return {
    code: 'duration-needed',
    severity: 'error',
    span,
    message: `${what} takes a constant interval of days and time, not below zero`,
    hint: "Write, for example, INTERVAL '30' SECOND."
  } satisfies Diagnostic
}

export function duplicateWatermark(span: Span, first: Span) {
  return {
    code: 'duplicate-watermark',
    severity: 'error',
    span,
    message: 'a source has one WATERMARK',
    hint: 'Keep the one for the time that windows are made of.',
    related: [{ message: 'the first is here', span: first }]
  } satisfies Diagnostic
}

/** `problem` follows the aggregate's name: "needs an ORDER BY". */
export function aggregateOrder(name: string, problem: string, span: Span) {
  return {
    code: 'aggregate-order',
    severity: 'error',
    span,
    message: `${name} ${problem}`,
    hint: 'For example: last_value(x ORDER BY ts), percentile_cont(0.95) WITHIN GROUP (ORDER BY x).'
  } satisfies Diagnostic
}

export function windowArguments(kind: string, names: readonly string[], span: Span) {
  const lengths = names.filter(name => name !== 'OFFSET')
  const offset = lengths.length < names.length ? ' and, at the end, an optional OFFSET' : ''
  return {
    code: 'window-arguments',
    severity: 'error',
    span,
    message: `${kind} takes ${lengths.join(', ')}${offset}`,
    hint: `Write: ${kind}(TABLE t, DESCRIPTOR(ts), ${lengths.map(() => "INTERVAL '1' MINUTE").join(', ')}).`
  } satisfies Diagnostic
}

export function windowTime(kind: string, type: string, span: Span) {
  return {
    code: 'window-time',
    severity: 'error',
    span,
    message: `${kind} makes windows of a TIMESTAMP or TIMESTAMPTZ, and this is ${type}`,
    hint: 'For an epoch number use time_bucket, or a generated column: at AS to_timestamp(epoch).'
  } satisfies Diagnostic
}

export function windowSlide(span: Span) {
  return {
    code: 'window-slide',
    severity: 'warning',
    span,
    message: 'windows begin less often than they are long: rows between two of them are in none',
    hint: 'HOP takes the slide first, then the size.'
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

export function sessionGap(span: Span) {
  return {
    code: 'session-gap',
    severity: 'error',
    span,
    message: 'the gap of SESSION is a constant interval of days and time, longer than nothing',
    hint: "Write, for example, INTERVAL '10' MINUTE."
  } satisfies Diagnostic
}

export function sessionNeedsGroups(span: Span) {
  return {
    code: 'session-needs-groups',
    severity: 'error',
    span,
    message: 'which session a row is in is known only when the session is complete',
    hint: 'Read SESSION in the FROM of a query of its own that has GROUP BY window_start, window_end and what it is partitioned by.'
  } satisfies Diagnostic
}

export function sessionFilter(span: Span) {
  return {
    code: 'session-filter',
    severity: 'error',
    span,
    message:
      'WHERE comes after SESSION: the rows that it takes out would still be parts of their sessions',
    hint: 'Filter before: SESSION(TABLE (SELECT * FROM t WHERE ...), ...). To count only some rows of a session write FILTER (WHERE ...) behind the aggregate.'
  } satisfies Diagnostic
}

/** `column` is one that SESSION adds. */
export function sessionColumn(column: string, span: Span) {
  return {
    code: 'session-column',
    severity: 'error',
    span,
    message: `"${column}" is known only behind GROUP BY, when the session is complete`,
    hint: `Group by ${column} as it is, and compute with it in the select list or in HAVING.`
  } satisfies Diagnostic
}

/** `text` is what sessions are partitioned by. */
export function sessionPartition(text: string, span: Span) {
  return {
    code: 'session-partition',
    severity: 'error',
    span,
    message: `each ${text} has sessions of its own, and GROUP BY does not name it`,
    hint: `Add ${text} to GROUP BY, or leave it out of PARTITION BY: then sessions are of all rows.`
  } satisfies Diagnostic
}

export function groupingSetsLimit(sets: number, keys: number, span: Span) {
  return {
    code: 'grouping-sets-limit',
    severity: 'error',
    span,
    message: `GROUP BY has at most ${sets} grouping sets of ${keys} keys`,
    hint: 'Each row counts into a group of every set. Write the sets that you need: GROUPING SETS ((a, b), (a), ()).'
  } satisfies Diagnostic
}

/** `set` as it could be written: "(a, b)". */
export function groupingSetTwice(set: string, span: Span) {
  return {
    code: 'grouping-set-twice',
    severity: 'error',
    span,
    message: `the grouping set ${set} comes twice, so each of its rows would be there twice`,
    hint: 'Name each set once.'
  } satisfies Diagnostic
}

export function groupingArgument(text: string, span: Span) {
  return {
    code: 'grouping-argument',
    severity: 'error',
    span,
    message: `GROUPING asks whether a row is grouped by ${text}, and GROUP BY does not name it`,
    hint: 'Give it expressions of GROUP BY, as they stand there.'
  } satisfies Diagnostic
}

export function queryOfGroups(span: Span) {
  const what = 'a query in the select list or HAVING of a query with groups'
  const hint =
    'Make the groups in FROM: SELECT k, n FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) AS g WHERE n > (SELECT ...).'
  return notSupportedYet(what, span, hint)
}
