import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

export function windowFunctionInside(name: string, span: Span) {
  return {
    code: 'window-function-inside',
    severity: 'error',
    span,
    message: `${name} OVER stands in the select list of a query, or in its ORDER BY`,
    hint: `Name it in a query in FROM and ask for its column: SELECT ... FROM (SELECT *, ${name}(...) OVER (...) AS x FROM t) WHERE x > 1.`
  } satisfies Diagnostic
}

/** `problem` follows the function's name: "takes no DISTINCT". */
export function windowFunctionForm(name: string, problem: string, span: Span, hint: string) {
  return {
    code: 'window-function-form',
    severity: 'error',
    span,
    message: `${name} OVER ${problem}`,
    hint
  } satisfies Diagnostic
}

export function frameForm(problem: string, span: Span) {
  return {
    code: 'frame-form',
    severity: 'error',
    span,
    message: `the frame ${problem}`,
    hint: "Write, for example, ROWS BETWEEN 9 PRECEDING AND CURRENT ROW, or RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW."
  } satisfies Diagnostic
}

export function orderNeedsLimit(span: Span) {
  return {
    code: 'order-needs-limit',
    severity: 'error',
    span,
    message: 'rows without end can not be sorted: ORDER BY needs a LIMIT',
    hint: 'With LIMIT the first rows are kept up to date. Without it leave ORDER BY out, or sort when you ask a table.'
  } satisfies Diagnostic
}

export function limitNeedsOrder(clause: 'LIMIT' | 'OFFSET', span: Span) {
  return {
    code: 'limit-needs-order',
    severity: 'error',
    span,
    message: `${clause} says how many rows and not which, which a continuous query has to know`,
    hint: 'Write ORDER BY ... LIMIT n: the first n rows are kept up to date.'
  } satisfies Diagnostic
}

export function placeNeedsLast(name: string, span: Span) {
  return {
    code: 'place-needs-last',
    severity: 'error',
    span,
    message: `${name} without a last place would tell every row again whenever one comes before it`,
    hint: `Keep the first ones: SELECT ... FROM (SELECT *, ${name}() OVER (...) AS place FROM t) WHERE place <= 10. Over events in the order of their event time, ORDER BY ts, every place stays what it is.`
  } satisfies Diagnostic
}

export function overReadsChanges(name: string, span: Span) {
  return {
    code: 'over-reads-changes',
    severity: 'error',
    span,
    message: `${name} OVER reads rows that change, and each change would tell all rows behind it again`,
    hint: 'Compute it over the source that the rows come from, or GROUP BY its PARTITION BY. ROW_NUMBER, RANK and DENSE_RANK <= n are kept up to date over changes too.'
  } satisfies Diagnostic
}

export function overNeedsTime(name: string, span: Span) {
  return {
    code: 'over-needs-time',
    severity: 'error',
    span,
    message: `${name} OVER is ordered by something else than event time, so nobody knows when the rows before one are complete`,
    hint: "Begin its ORDER BY with the column of the source's WATERMARK, ascending."
  } satisfies Diagnostic
}

export function overBesidePlace(span: Span) {
  return {
    code: 'over-beside-place',
    severity: 'error',
    span,
    message: 'another window function stands beside the one whose first places are kept',
    hint: 'Rows without a place are not there to compute it of: compute it in a query of its own.'
  } satisfies Diagnostic
}

export function frameNeedsEnd(name: string, span: Span) {
  return {
    code: 'frame-needs-end',
    severity: 'error',
    span,
    message: `${name} OVER reads all rows up to the end of its partition, which never comes`,
    hint: "End the frame at CURRENT ROW, so many rows FOLLOWING, or INTERVAL '1' MINUTE FOLLOWING."
  } satisfies Diagnostic
}

export function overWaitsTwice(name: string, span: Span) {
  return {
    code: 'over-waits-twice',
    severity: 'error',
    span,
    message: `${name} OVER waits for rows behind a row, as another window function does in another partition or order`,
    hint: 'Give both the same PARTITION BY and ORDER BY, or compute them in two queries and join those.'
  } satisfies Diagnostic
}

export function overTimesDiffer(name: string, span: Span) {
  return {
    code: 'over-times-differ',
    severity: 'error',
    span,
    message: `${name} OVER is ordered by another time than a window function beside it, and may come too late for that`,
    hint: 'Begin all of their ORDER BY with one column, or compute them in two queries and join those.'
  } satisfies Diagnostic
}

export function windowNotFound(name: string, known: readonly string[], span: Span) {
  return {
    code: 'window-not-found',
    severity: 'error',
    span,
    message: `no window is called "${name}"`,
    hint: `Define it behind HAVING: WINDOW ${name} AS (PARTITION BY k ORDER BY ts).`,
    ...didYouMean(name, known)
  } satisfies Diagnostic
}

/** `problem` follows the window's name: "is defined twice". */
export function windowForm(name: string, problem: string, span: Span) {
  return {
    code: 'window-form',
    severity: 'error',
    span,
    message: `window "${name}" ${problem}`,
    hint: 'A window that names another one adds an ORDER BY where that has none, and a frame: OVER (w ROWS 9 PRECEDING).'
  } satisfies Diagnostic
}
